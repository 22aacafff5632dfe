import type { ErpResponse } from '../../../app/outbound/http.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import { readProblem } from '../answers.ts';
import { mainClient } from './clients.ts';
import { createIdentity, type IdentityContext, oauthError } from './identity.ts';
import type { Issued, SignIn } from './sign-in.ts';

/** Resource Owner Password Credentials: refreshed while that works, else signed in with the password. */
export function signInByPassword(context: IdentityContext): SignIn {
  const { site, tenant, client_id, client_secret, username = '', password = '' } = context.credentials;
  const identity = createIdentity(context);
  const client = mainClient(context.credentials);

  async function refresh(refreshToken: string, signal: AbortSignal): Promise<ErpResponse | null> {
    const response = await identity.grant(client, { grant_type: 'refresh_token', refresh_token: refreshToken }, signal);
    const dead = response.status >= 400 && response.status < 500 && response.status !== 429;
    return dead && readProblem(response, context.words)?.kind !== 'limit' ? null : response;
  }

  async function signIn(signal: AbortSignal): Promise<ErpResponse> {
    const ask = (scope: string) =>
      identity.grant(client, { grant_type: 'password', username, password, scope }, signal);
    const response = await ask('api offline_access');
    // An application set to "No Refresh Tokens" refuses that scope; the password does without it.
    return oauthError(response) === 'invalid_scope' ? ask('api') : response;
  }

  return {
    // As it was before there were other ways, so that a token issued then is still used.
    owner: fingerprint([site, tenant, client_id, client_secret, username, password]),
    field: 'login',
    isConsent: false,
    async fetch(previous: Issued | null, signal) {
      let refreshToken = previous?.refreshToken ?? null;
      let response = refreshToken === null ? null : await refresh(refreshToken, signal);
      if (response === null) {
        refreshToken = null;
        response = await signIn(signal);
      }
      if (response.status !== 200)
        throw identity.problemOf(response, 'Acumatica does not accept the user name and password.');
      return identity.issued(response, refreshToken);
    },
    headers: (pass) => ({ authorization: `Bearer ${pass}` }),
    close: (pass, signal) => identity.logout({ authorization: `Bearer ${pass}` }, signal),
    secretsOf: ({ pass, refreshToken }) => (refreshToken === null ? [pass] : [pass, refreshToken]),
  };
}
