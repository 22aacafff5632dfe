import { Router } from 'express';
import type { Parts } from '../parts.ts';
import { consent } from './consent.ts';
import { tokenEndpoint } from './token-endpoint.ts';

/** Everything below `/identity`. */
export function identityRouter(parts: Parts): Router {
  const router = Router();

  router.get('/.well-known/openid-configuration', (_request, response) => {
    const issuer = `${parts.baseUrl()}${parts.path}/identity`;
    response.json({
      issuer,
      jwks_uri: `${issuer}/.well-known/openid-configuration/jwks`,
      authorization_endpoint: `${issuer}/connect/authorize`,
      token_endpoint: `${issuer}/connect/token`,
      userinfo_endpoint: `${issuer}/connect/userinfo`,
      scopes_supported: ['openid', 'profile', 'email', 'phone', 'api', 'api:concurrent_access', 'offline_access'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'password', 'implicit'],
      response_types_supported: ['code', 'token', 'id_token', 'code id_token'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      code_challenge_methods_supported: ['plain', 'S256'],
    });
  });
  router.get('/.well-known/openid-configuration/jwks', (_request, response) => {
    response.json({ keys: [] });
  });
  router.post('/connect/token', tokenEndpoint(parts));
  router.get('/connect/authorize', consent(parts));
  router.post('/connect/authorize', consent(parts));
  router.get('/connect/userinfo', (request, response) => {
    const token = parts.grants.access((request.get('authorization') ?? '').replace(/^Bearer /i, ''));
    if (!token) {
      response.status(401).set('WWW-Authenticate', 'Bearer').end();
      return;
    }
    const { user } = token.grant;
    response.json({ sub: user.username, preferred_username: user.username, name: user.name, email: user.email });
  });
  return router;
}
