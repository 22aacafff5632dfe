import { z } from 'zod';
import { ReconnectError, RetryableError, UnclearError } from '../../../app/domain/errors.ts';
import type { ErpHttp, ErpRequest, ErpResponse } from '../../../app/outbound/http.ts';
import type { Words } from '../../shared/words.ts';
import { readProblem } from '../answers.ts';
import type { AcumaticaCredentials } from '../credentials.ts';
import type { Client } from './clients.ts';
import { type Issued, SignInHeldBack } from './sign-in.ts';

const grantSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().default(3600),
});

/** A token is not used any more when it is about to expire; shorter for those that live shortly. */
const skewMs = 60_000;
const timeoutMs = 120_000;

export interface IdentityContext {
  credentials: AcumaticaCredentials;
  http: ErpHttp;
  now(): number;
  words: Words;
}

/** The calls by which sessions are opened and closed. */
export interface Identity {
  host: string;
  /** One request to the token endpoint. */
  grant(client: Client, parameters: Record<string, string>, signal: AbortSignal): Promise<ErpResponse>;
  /** What a successful grant issued; the refresh token stays `previous` where no other came. Throws for anything else. */
  issued(response: ErpResponse, previous: string | null): Issued;
  /** Why a grant failed; the field is `login` where the grant itself was not taken. Throws SignInHeldBack for a limit. */
  problemOf(response: ErpResponse, refused: string): Error;
  /** Who the token belongs to, in the ERP's own word for them; null where it does not tell. */
  userOf(accessToken: string, signal: AbortSignal): Promise<string | null>;
  /** Sends what is no grant; an answer that never came is a RetryableError unless `unclear` says what else. */
  send(
    request: Pick<ErpRequest, 'method' | 'headers' | 'body'>,
    path: string,
    signal: AbortSignal,
  ): Promise<ErpResponse>;
  /** Closes the session of whoever these headers let in (an empty body with its length, else IIS answers 411). */
  logout(headers: Record<string, string>, signal: AbortSignal): Promise<void>;
}

/** A gateway's or the site's own; it says nothing about what was sent. */
export const isWebPage = ({ text }: ErpResponse) => /^\s*</.test(text);

export function oauthError(response: ErpResponse): string {
  const match = /"error"\s*:\s*"([a-z_]+)"/.exec(response.text);
  return match?.[1] ?? '';
}

const unknownTenant = (tenant: string) =>
  `Acumatica does not know the tenant ${tenant}. Where it was renamed, enter the name that the sign-in page has now.`;

export function createIdentity({ credentials, http, now, words }: IdentityContext): Identity {
  const host = new URL(credentials.site).host;

  async function send(
    request: Pick<ErpRequest, 'method' | 'headers' | 'body'>,
    path: string,
    signal: AbortSignal,
  ): Promise<ErpResponse> {
    const { headers, ...rest } = request;
    return http.request({
      ...rest,
      url: `${credentials.site}${path}`,
      headers: { accept: 'application/json', ...headers },
      timeoutMs,
      signal,
    });
  }

  function problemOf(response: ErpResponse, refused: string): Error {
    const problem = readProblem(response, words);
    const { status } = response;
    const cause = new Error(`HTTP ${status} at the sign-in: ${words(response.text)}`);
    if (problem?.kind === 'limit')
      throw new SignInHeldBack('Acumatica has no free API session left (licence limit).', {
        retryAfterMs: problem.retryAfterMs,
        cause,
      });
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
          `Acumatica does not know this client ID in the tenant ${credentials.tenant}, or the client secret is wrong. Where the tenant was renamed, enter its new name here and at the tenant.`,
        );
      case 'unauthorized_client':
      case 'unsupported_grant_type':
        return reconnect(
          'client_id',
          'The connected application does not allow this flow: choose the right one there.',
        );
      case 'invalid_scope':
        return reconnect('client_id', 'The connected application must allow the scope api.');
    }
    if (problem?.kind === 'tenant') return reconnect('tenant', unknownTenant(credentials.tenant));
    const isRefused = status >= 400 && status < 500 && status !== 408;
    if (isRefused && isWebPage(response))
      return reconnect('site', `${host} answers the sign-in with a web page (${status}): is the address right?`);
    if (isRefused || /invalid credentials/i.test(problem?.text ?? '')) return reconnect('login', refused);
    return new RetryableError(`${host} could not sign in at the moment (${status}).`, { cause });
  }

  return {
    host,
    send,
    problemOf,
    async grant(client, parameters, signal) {
      const body = new URLSearchParams({ ...parameters, client_id: client.id, client_secret: client.secret });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      try {
        return await send({ method: 'POST', headers, body: body.toString() }, '/identity/connect/token', signal);
      } catch (error) {
        // A token too many harms nothing: it takes no seat before it is used.
        if (error instanceof UnclearError)
          throw new RetryableError(`${host} did not answer the sign-in.`, { cause: error });
        throw error;
      }
    },
    issued(response, previous) {
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
      const { access_token: pass, refresh_token, expires_in: seconds } = granted.data;
      const livesMs = seconds * 1000;
      return {
        pass,
        refreshToken: refresh_token ?? previous,
        expiresAt: now() + livesMs - Math.min(skewMs, livesMs / 4),
      };
    },
    async userOf(accessToken, signal) {
      const headers = { authorization: `Bearer ${accessToken}` };
      const response = await send({ method: 'GET', headers }, '/identity/connect/userinfo', signal).catch(() => null);
      if (response?.status !== 200) return null;
      try {
        const { preferred_username, name, sub } = JSON.parse(response.text) as Record<string, unknown>;
        const user = [preferred_username, name, sub].find((text) => typeof text === 'string' && text.trim() !== '');
        return typeof user === 'string' ? words(user).slice(0, 100) : null;
      } catch {
        return null;
      }
    },
    async logout(headers, signal) {
      await send({ method: 'POST', headers, body: '' }, '/entity/auth/logout', signal);
    },
  };
}
