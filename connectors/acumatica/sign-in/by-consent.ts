import { ReconnectError } from '../../../app/domain/errors.ts';
import type { ConsentPurpose } from '../../connector.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import { readProblem } from '../answers.ts';
import type { AcumaticaCredentials } from '../credentials.ts';
import { consentClient } from './clients.ts';
import { createIdentity, type IdentityContext, isWebPage, oauthError } from './identity.ts';
import { ConsentEnded, type SignIn } from './sign-in.ts';

/** Which consent tokens are of; a new client secret does not end it. */
export function consentOwner(credentials: AcumaticaCredentials, purpose: ConsentPurpose): string {
  const { site, tenant } = credentials;
  return fingerprint(['consent', site, tenant, consentClient(credentials, purpose)?.id]);
}

const words: Record<ConsentPurpose, { missing: string; ended: string; field: 'consent' | 'account' }> = {
  connection: {
    missing: 'Not connected yet: press Connect in the app’s Home.',
    ended: 'Acumatica does not accept what was consented to any more: connect again in the app’s Home.',
    field: 'consent',
  },
  account: {
    missing: 'This account is not linked for this connection as it is set up now: link it again.',
    ended: 'Acumatica does not accept the link to this account any more: link it again.',
    field: 'account',
  },
};

/** Authorization code: somebody consented in a browser, and the tokens are refreshed for as long as Acumatica takes them. */
export function signInByConsent(context: IdentityContext, purpose: ConsentPurpose): SignIn {
  const { credentials } = context;
  const identity = createIdentity(context);
  const client = consentClient(credentials, purpose);
  const { missing, ended, field } = words[purpose];

  return {
    owner: consentOwner(credentials, purpose),
    field,
    isConsent: true,
    async fetch(previous, signal) {
      if (previous === null || client === undefined) throw new ReconnectError(missing, { field });
      const { refreshToken } = previous;
      if (refreshToken === null) throw new ReconnectError(ended, { field });
      const response = await identity.grant(
        client,
        { grant_type: 'refresh_token', refresh_token: refreshToken },
        signal,
      );
      if (response.status === 200) return identity.issued(response, refreshToken);
      const isRefused = response.status >= 400 && response.status < 500;
      const isElse =
        [404, 405, 408, 410, 429].includes(response.status) ||
        isWebPage(response) ||
        readProblem(response, context.words)?.kind === 'limit' ||
        /^(invalid_client|unauthorized_client)$/.test(oauthError(response));
      // A dead refresh token is a 400 whose body says this or that (facts: not reliably invalid_grant).
      if (isRefused && !isElse) throw new ConsentEnded(ended);
      const problem = identity.problemOf(response, ended);
      throw purpose === 'account' && problem instanceof ReconnectError
        ? new ReconnectError(problem.message, { field, cause: problem })
        : problem;
    },
    headers: (pass) => ({ authorization: `Bearer ${pass}` }),
    close: (pass, signal) => identity.logout({ authorization: `Bearer ${pass}` }, signal),
    secretsOf: ({ pass, refreshToken }) => (refreshToken === null ? [pass] : [pass, refreshToken]),
  };
}
