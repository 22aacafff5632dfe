import { PermanentError, ReconnectError, RetryableError, UnclearError } from '../../app/domain/errors.ts';
import type { ErpResponse } from '../../app/outbound/http.ts';
import type { Problem } from './answers.ts';
import { parseExactJson } from './exact-json.ts';

/** A seat is free again when somebody signs out or an hour is over; the minute quota when its minute is. */
const limitRetryMs = 60_000;

function causeOf({ status, text }: Problem): Error {
  return new Error(`HTTP ${status}${text === null ? '' : `: ${text}`}`);
}

const inWords = (text: string | null) => (text === null ? '' : ` It says: ${text}`);

export function limitError(problem: Problem): RetryableError {
  return new RetryableError('Acumatica has no free API session or request left (licence limit); trying again later.', {
    retryAfterMs: problem.retryAfterMs ?? limitRetryMs,
    cause: causeOf(problem),
  });
}

/** What to do next about a read that failed; `what` names what was read. */
export function readError(problem: Problem, what: string): Error {
  const { kind, status, text, retryAfterMs } = problem;
  const cause = causeOf(problem);
  switch (kind) {
    case 'limit':
      return limitError(problem);
    case 'login':
      return new ReconnectError('Acumatica does not accept the sign-in any more.', { field: 'login', cause });
    case 'tenant':
      return new ReconnectError('Acumatica does not know this tenant.', { field: 'tenant', cause });
    case 'rights':
      return new ReconnectError(`The Acumatica user may not read ${what} (or the feature is off).${inWords(text)}`, {
        field: 'rights',
        scope: 'kind',
        cause,
      });
    case 'missing':
      return new ReconnectError(`Acumatica serves no ${what} at this address.`, {
        field: 'endpoint',
        scope: 'kind',
        cause,
      });
    case 'busy':
      return new RetryableError('Acumatica is still busy with an earlier operation of this session.', { cause });
    case 'no_record':
    case 'optimization':
    case 'refused':
      if (status < 500)
        return new PermanentError('refused_by_erp', `Acumatica refused to list ${what}.${inWords(text)}`, { cause });
      break;
    case 'server':
      break;
  }
  return new RetryableError(`Acumatica answered with an error (${status}) when asked for ${what}.${inWords(text)}`, {
    retryAfterMs,
    cause,
  });
}

/** An action that may or may not have been carried out. */
export function unclearAction(problem: Problem): UnclearError {
  const what = problem.status < 400 ? 'an error page' : `an error (${problem.status})`;
  return new UnclearError(`Acumatica answered with ${what}; whether it did what was asked is not known.`, {
    cause: causeOf(problem),
  });
}

/** The JSON of a successful read. Throws RetryableError for a web page, a cut-off or an empty body. */
export function readJson(response: ErpResponse, what: string): unknown {
  const start = response.text.trimStart();
  if (start === '') throw new RetryableError(`Acumatica answered with nothing when asked for ${what}.`);
  if (start.startsWith('<'))
    throw new RetryableError(`Acumatica answered with a web page instead of data when asked for ${what}.`);
  try {
    return parseExactJson(response.text);
  } catch {
    throw new RetryableError(`The answer of Acumatica was cut off or garbled when asked for ${what}.`);
  }
}
