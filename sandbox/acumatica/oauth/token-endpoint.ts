import { createHmac } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { formBody } from '../answer.ts';
import type { Parts } from '../parts.ts';
import type { Settings } from '../settings.ts';
import { clientIdOf, clientSecret, findUser, type User } from '../users.ts';
import { type Grant, OAuthError } from './grants.ts';

/** Whether every scope of the list is one that the application may ask for. */
export function allowsScopes(settings: Settings, text: string | null): boolean {
  const scopes = (text ?? '').split(' ').filter(Boolean);
  return scopes.length > 0 && scopes.every((scope) => settings.scopes.includes(scope));
}

function checkClient(request: Request, form: URLSearchParams, { tenant }: Settings): void {
  const [scheme, encoded = ''] = (request.get('authorization') ?? '').split(' ');
  const pair = scheme?.toLowerCase() === 'basic' ? Buffer.from(encoded, 'base64').toString('utf8') : null;
  const [id, secret] =
    pair === null ? [form.get('client_id'), form.get('client_secret')] : pair.split(/:(.*)/s).map(decodeURIComponent);
  if (id?.toLowerCase() !== clientIdOf(tenant).toLowerCase() || secret !== clientSecret) {
    throw new OAuthError('invalid_client', 'unknown client or wrong secret');
  }
}

function idToken(issuer: string, audience: string, user: User, now: number, seconds: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issuedAt = Math.floor(now / 1000);
  const claims = { iss: issuer, aud: audience, sub: user.username, iat: issuedAt, exp: issuedAt + seconds };
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, name: user.name, email: user.email })}`;
  return `${unsigned}.${createHmac('sha256', clientSecret).update(unsigned).digest('base64url')}`;
}

/** `POST /identity/connect/token`: password, refresh_token and authorization_code; there is no client_credentials. */
export function tokenEndpoint(parts: Parts): RequestHandler {
  const { grants, sessions, settings, now } = parts;

  function granted(request: Request): { accessToken: string; grant: Grant } {
    const form = formBody(request);
    checkClient(request, form, settings);
    const type = form.get('grant_type');
    const flow = type === 'password' ? 'password' : type === 'authorization_code' ? 'code' : null;
    if (flow !== null && !settings.flows.includes(flow))
      throw new OAuthError('unauthorized_client', `the application does not allow the grant type ${type}`);
    if (type === 'password') {
      const user = findUser(form.get('username'), form.get('password'));
      if (!user) throw new OAuthError('invalid_grant', 'invalid_username_or_password');
      const scope = form.get('scope');
      if (!allowsScopes(settings, scope)) throw new OAuthError('invalid_scope', 'unknown or missing scope');
      return grants.grant(user, (scope ?? '').split(' ').filter(Boolean));
    }
    if (type === 'refresh_token') return grants.refresh(form.get('refresh_token') ?? '');
    if (type === 'authorization_code') {
      return grants.redeem(form.get('code') ?? '', form.get('redirect_uri'), form.get('code_verifier'));
    }
    throw new OAuthError('unsupported_grant_type', `the grant type ${type} is not offered`);
  }

  return (request, response) => {
    response.set('Cache-Control', 'no-store');
    try {
      const { accessToken, grant } = granted(request);
      const session = sessions.ofGrant(grant.id);
      if (session) session.expiresAt = now() + settings.expiresInSeconds * 1000;
      response.json({
        access_token: accessToken,
        expires_in: settings.expiresInSeconds,
        token_type: 'Bearer',
        scope: grant.scopes.join(' '),
        ...(grant.refreshToken === null ? {} : { refresh_token: grant.refreshToken }),
        ...(grant.scopes.includes('openid')
          ? {
              id_token: idToken(
                `${parts.baseUrl()}${parts.path}/identity`,
                clientIdOf(settings.tenant),
                grant.user,
                now(),
                settings.expiresInSeconds,
              ),
            }
          : {}),
      });
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      if (error.deadRefresh && settings.deadRefreshBody === 'text')
        response.status(400).type('text').send('Bad Request');
      else response.status(400).json({ error: error.code, error_description: error.message });
    }
  };
}
