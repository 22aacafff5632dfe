import { PermanentError, ReconnectError } from '../../../app/domain/errors.ts';
import type { Consent } from '../../connector.ts';
import { createWords } from '../../shared/words.ts';
import type { AcumaticaCredentials } from '../credentials.ts';
import { storedForm } from './access.ts';
import { consentOwner } from './by-consent.ts';
import { type Client, consentClient, consentClientId } from './clients.ts';
import { heldBackError, holdBack } from './held-back.ts';
import { createIdentity, oauthError } from './identity.ts';
import { SignInHeldBack } from './sign-in.ts';

/** `openid profile` tell whose consent it is; `offline_access` lets it last longer than an hour. */
const scope = 'api offline_access openid profile';

function clientOf(credentials: AcumaticaCredentials, purpose: 'connection' | 'account'): Client {
  const client = consentClient(credentials, purpose);
  if (client === undefined)
    throw new ReconnectError('This connection has no connected application with the flow Authorization Code.', {
      field: purpose === 'account' ? 'account_client_id' : 'client_id',
    });
  return client;
}

/** Acumatica's own consent page, for connections and for people's accounts. */
export const consent: Consent<AcumaticaCredentials> = {
  signsIn: (settings) => consentClientId(settings, 'connection') !== undefined,
  linksAccounts: (settings) => consentClientId(settings, 'account') !== undefined,

  authorizeUrl({ credentials, purpose, redirectUri, state, challenge }) {
    const url = new URL(`${credentials.site}/identity/connect/authorize`);
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientOf(credentials, purpose).id,
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    url.search = query.toString().replaceAll('+', '%20');
    return url.href;
  },

  async exchange({ credentials, purpose, code, verifier, redirectUri, http, state, now, signal }) {
    const client = clientOf(credentials, purpose);
    const words = createWords(() => [client.secret, code, verifier]);
    const identity = createIdentity({ credentials, http, now, words });
    const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    const response = await identity.grant(client, fields, signal);
    if (response.status !== 200) throw exchangeProblem(response);
    const issued = identity.issued(response, null);
    if (issued.refreshToken === null)
      throw new ReconnectError('The connected application issues no refresh tokens: allow them there.', {
        field: 'client_id',
      });
    const user = await identity.userOf(issued.pass, signal);
    const token = storedForm(issued, consentOwner(credentials, purpose));
    await state.change(async (current) => ({ ...current, token }));
    return { user };

    function exchangeProblem(refusal: typeof response): Error {
      if (oauthError(refusal) === 'invalid_grant')
        return new PermanentError('code_refused', 'Acumatica did not take its own code: it was used or has run out.');
      try {
        return identity.problemOf(refusal, 'Acumatica did not complete the sign-in.');
      } catch (error) {
        if (!(error instanceof SignInHeldBack)) throw error;
        return heldBackError(holdBack(null, error, '', now()), now(), error.cause);
      }
    }
  },
};
