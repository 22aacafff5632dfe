import { z } from 'zod';
import { ReconnectError, RetryableError, UnclearError } from '../../app/domain/errors.ts';
import type { ErpResponse } from '../../app/outbound/http.ts';
import type { ConnectContext } from '../connector.ts';
import { readProblem } from './answers.ts';
import { type AcumaticaCredentials, fullClientId } from './credentials.ts';
import { limitError } from './errors.ts';
import type { Words } from './words.ts';

export interface IssuedToken {
  accessToken: string;
  refreshToken: string | null;
  /** When it should be replaced, a little before it ends; ms since the epoch. */
  expiresAt: number;
}

const grantSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().default(3600),
});

/** A token is not used any more when it is about to expire; shorter for those that live shortly. */
const skewMs = 60_000;
const timeoutMs = 120_000;

export interface SignIn {
  /** Refreshes where there is a refresh token that still lives, else signs in with the password. */
  fetchToken(refreshToken: string | null, signal: AbortSignal): Promise<IssuedToken>;
  /** Closes the session behind the token. */
  closeSession(accessToken: string, signal: AbortSignal): Promise<void>;
}

const isWebPage = ({ text }: ErpResponse) => /^\s*</.test(text);

function oauthError(response: ErpResponse): string {
  const match = /"error"\s*:\s*"([a-z_]+)"/.exec(response.text);
  return match?.[1] ?? '';
}

function signInError(response: ErpResponse, { site, tenant }: AcumaticaCredentials, words: Words): Error {
  const { host } = new URL(site);
  const problem = readProblem(response, words);
  if (problem?.kind === 'limit') return limitError(problem);
  const { status } = response;
  const cause = new Error(`HTTP ${status} from the token endpoint: ${words(response.text)}`);
  const reconnect = (field: string, message: string) => new ReconnectError(message, { field, cause });
  if (status === 404 || status === 405 || status === 410)
    return reconnect('site', `There is no Acumatica at this address: ${host} has no sign-in service there.`);
  if (status >= 300 && status < 400)
    return new RetryableError(`${host} sends the sign-in elsewhere (${status}): is the address complete?`, {
      field: 'site',
      cause,
    });
  switch (oauthError(response)) {
    case 'invalid_client':
      return reconnect(
        'client_id',
        `Acumatica does not know this client ID in the tenant ${tenant}, or the client secret is wrong.`,
      );
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return reconnect(
        'client_id',
        'The connected application must allow the flow "Resource Owner Password Credentials".',
      );
    case 'invalid_scope':
      return reconnect('client_id', 'The connected application must allow the scope api.');
  }
  const refused = status >= 400 && status < 500;
  if (refused && isWebPage(response))
    return reconnect('site', `${host} answers the sign-in with a web page (${status}): is the address right?`);
  if (refused || /invalid credentials/i.test(problem?.text ?? ''))
    return reconnect('login', 'Acumatica does not accept the user name and password.');
  return new RetryableError(`${host} could not sign in at the moment (${status}).`, { cause });
}

/** The calls by which tokens are got and given back. */
export function createSignIn({ credentials, http, now }: ConnectContext<AcumaticaCredentials>, words: Words): SignIn {
  const host = new URL(credentials.site).host;

  async function send(
    path: string,
    body: URLSearchParams | '',
    signal: AbortSignal,
    headers = {},
  ): Promise<ErpResponse> {
    try {
      return await http.request({
        method: 'POST',
        url: `${credentials.site}${path}`,
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: body.toString(),
        timeoutMs,
        signal,
      });
    } catch (error) {
      // Signing in once too often harms nothing.
      if (error instanceof UnclearError)
        throw new RetryableError(`${host} did not answer the sign-in.`, { cause: error });
      throw error;
    }
  }

  function grant(parameters: Record<string, string>, signal: AbortSignal): Promise<ErpResponse> {
    const { client_secret } = credentials;
    const body = new URLSearchParams({ ...parameters, client_id: fullClientId(credentials), client_secret });
    return send('/identity/connect/token', body, signal);
  }

  async function fetchToken(previous: string | null, signal: AbortSignal): Promise<IssuedToken> {
    let refreshToken = previous;
    let response: ErpResponse | null = null;
    if (refreshToken !== null) {
      response = await grant({ grant_type: 'refresh_token', refresh_token: refreshToken }, signal);
      const dead = response.status >= 400 && response.status < 500 && response.status !== 429;
      if (dead && readProblem(response, words)?.kind !== 'limit') response = null;
    }
    if (response === null) {
      const { username, password } = credentials;
      refreshToken = null;
      const signIn = (scope: string) => grant({ grant_type: 'password', username, password, scope }, signal);
      response = await signIn('api offline_access');
      // An application set to "No Refresh Tokens" refuses that scope; the password does without it.
      if (oauthError(response) === 'invalid_scope') response = await signIn('api');
    }
    if (response.status !== 200) throw signInError(response, credentials, words);
    let body: unknown = null;
    try {
      body = JSON.parse(response.text);
    } catch {}
    const granted = grantSchema.safeParse(body);
    if (!granted.success) {
      if (isWebPage(response) && previous === null)
        throw new ReconnectError(`${host} answers the sign-in with a web page: is the address right?`, {
          field: 'site',
        });
      throw new RetryableError(`${host} answered the sign-in with something that is no token.`);
    }
    const { access_token: accessToken, refresh_token, expires_in: seconds } = granted.data;
    const livesMs = seconds * 1000;
    const expiresAt = now() + livesMs - Math.min(skewMs, livesMs / 4);
    return { accessToken, refreshToken: refresh_token ?? refreshToken, expiresAt };
  }

  return {
    fetchToken,
    async closeSession(accessToken, signal) {
      await send('/entity/auth/logout', '', signal, { authorization: `Bearer ${accessToken}` });
    },
  };
}
