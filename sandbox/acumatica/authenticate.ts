import type { Request, Response } from 'express';
import { ErpError, notSignedIn } from './erp-error.ts';
import type { Parts } from './parts.ts';
import type { Session } from './sessions.ts';

/** The cookies of a request; values may contain `=` and `&`. */
function cookiesOf(request: Request): Map<string, string> {
  const pairs = (request.get('cookie') ?? '').split(/;\s*/).map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return new Map(pairs);
}

/** The value of the cookie that goes with the session's own. */
export function authCookie(session: Session): string {
  return `${session.id}${session.user.username}`.split('').reverse().join('').toUpperCase().replace(/\W/g, '0');
}

function cookieSession(request: Request, parts: Parts): Session | undefined {
  const cookies = cookiesOf(request);
  const session = parts.sessions.get(cookies.get('ASP.NET_SessionId'));
  if (!session || session.by === 'token') return session;
  return cookies.get('.ASPXAUTH') === authCookie(session) ? session : undefined;
}

/** The session that the request already has, without opening one. */
export function currentSession(request: Request, parts: Parts): Session | undefined {
  const bearer = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (bearer === undefined) {
    const session = cookieSession(request, parts);
    return session?.by === 'cookie' ? session : undefined;
  }
  const token = parts.grants.access(bearer);
  if (!token) return undefined;
  if (!token.grant.scopes.includes('api:concurrent_access')) return parts.sessions.ofGrant(token.grant.id);
  const session = cookieSession(request, parts);
  return session?.by === 'token' && session.user === token.grant.user ? session : undefined;
}

/** The session of the request; a token without one opens it and takes a seat. Throws ErpError 401, 403 or 429. */
export function authenticate(request: Request, response: Response, parts: Parts): Session {
  const existing = currentSession(request, parts);
  if (existing) return existing;
  const bearer = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const token = bearer === undefined ? undefined : parts.grants.access(bearer);
  if (!token) throw notSignedIn(parts.settings.unauthorizedBody);
  const { user, scopes, id } = token.grant;
  const many = scopes.includes('api:concurrent_access');
  if (!many && !scopes.includes('api')) throw new ErpError(403, { message: 'The token has no api scope.' });
  const session = parts.sessions.open({ user, by: 'token', grant: many ? null : id, expiresAt: token.expiresAt });
  if (many) response.append('Set-Cookie', `ASP.NET_SessionId=${session.id}; path=/; HttpOnly; SameSite=Lax`);
  return session;
}
