import { PermanentError, ReconnectError, RetryableError, UnclearError } from '../domain/errors.ts';
import { addressRefusedCode } from './addresses.ts';
import { redactText } from './redact.ts';

/** What went wrong, before it is said in words. `left`: the request may have been seen by the other side. */
export interface Failure {
  error: unknown;
  host: string;
  /** Asking again is harmless. */
  readsOnly: boolean;
  left: boolean;
}

export const timedOutCode = 'ERP_TIMED_OUT';
export const tooLargeCode = 'ERP_BODY_TOO_LARGE';

const certificateCodes =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_|ERR_TLS_CERT_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/;

const certificateWords: Record<string, string> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it was issued for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'it was issued by an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it was issued by an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'it was issued by an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it was issued by an authority that is not known here',
};

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** The technical cause, rebuilt from its code and text so that no request, socket or address with a secret hangs on it. */
function safeCause(error: unknown): Error {
  const text = redactText(error instanceof Error ? error.message : String(error));
  const code = codeOf(error);
  return Object.assign(new Error(text || code), code === '' ? {} : { code });
}

function notLeftWords(code: string, host: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `The name of ${host} could not be found (DNS).`;
  if (code === 'ECONNREFUSED') return `${host} refused the connection: nothing is listening there.`;
  if (code === timedOutCode || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return `${host} could not be reached in time.`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
    return `No secure connection (TLS) to ${host} could be agreed on.`;
  return `No connection to ${host} could be made.`;
}

/** The error of `app/domain/errors.ts` that says what to do next about a request without an answer. */
export function explainFailure({ error, host, readsOnly, left }: Failure): Error {
  const code = codeOf(error);
  const cause = safeCause(error);
  if (code === tooLargeCode) {
    const tooLarge = `The answer of ${host} is larger than allowed`;
    if (readsOnly) return new PermanentError('body_too_large', `${tooLarge}.`, { cause });
    return new UnclearError(`${tooLarge}; whether it did what was asked is not known.`, { cause });
  }
  if (!left) {
    if (code === addressRefusedCode)
      return new PermanentError('address_refused', `${host} is at an address that is not allowed for an ERP.`, {
        cause,
        field: 'address',
      });
    if (code === 'UND_ERR_INVALID_ARG')
      return new PermanentError('invalid_request', `The request to ${host} could not be built.`, { cause });
    if (certificateCodes.test(code)) {
      const why = certificateWords[code] ?? 'it could not be verified';
      return new ReconnectError(`The certificate of ${host} is not trusted: ${why}.`, { cause, field: 'certificate' });
    }
    return new RetryableError(notLeftWords(code, host), { cause, field: 'address' });
  }
  const what = code === timedOutCode ? 'did not answer in time' : 'broke off the connection';
  if (readsOnly) return new RetryableError(`${host} ${what}.`, { cause });
  return new UnclearError(`${host} ${what}; whether it did what was asked is not known.`, { cause });
}
