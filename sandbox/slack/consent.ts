import express, { type Request, type Response, type Router } from 'express';
import { asText, isJson, type Json } from './model.ts';
import { parseScopes, scopeWords } from './scopes.ts';
import type { SlackState } from './state.ts';

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f8f8f8; color: #1d1c1d; }
main { max-width: 34rem; margin: 2rem auto; padding: 2rem; background: #fff; border: 1px solid #ddd; border-radius: 8px; }
button { font: inherit; font-weight: 600; padding: .6rem 1.4rem; border-radius: 4px; border: 1px solid #888; background: #fff; }
button[value=allow] { background: #007a5a; border-color: #007a5a; color: #fff; }
</style>
</head>
<body><main>${body}</main></body>
</html>`;
}

function refuse(response: Response, reason: string, explanation: string): void {
  const body = `<h1>Something went wrong when authorizing this app.</h1><p>${escapeHtml(explanation)}</p><p><code>${reason}</code></p>`;
  response.status(400).type('html').send(page('Authorization error', body));
}

interface Ask {
  scopes: string[];
  userScopes: string[];
  redirectUri: string | null;
  target: string;
  state: string | undefined;
}

function isLoopback(url: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

/** https only, but for this machine; and equal to or below one that is configured, where any is. */
function isAllowedRedirect(configured: string[], address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol !== 'https:' && !isLoopback(url)) return false;
  if (configured.length === 0) return true;
  return configured.some((base) => address === base || address.startsWith(base.endsWith('/') ? base : `${base}/`));
}

function readAsk(state: SlackState, values: Json, response: Response): Ask | undefined {
  if (values.client_id !== state.app.clientId) {
    refuse(response, 'invalid_client_id', 'There is no app with this client_id.');
    return undefined;
  }
  const scopes = parseScopes(asText(values.scope));
  const userScopes = parseScopes(asText(values.user_scope));
  const unknown = [...scopes, ...userScopes].filter((scope) => !Object.hasOwn(scopeWords, scope));
  if (unknown.length > 0 || scopes.length + userScopes.length === 0) {
    const explanation =
      unknown.length > 0 ? `Invalid permissions requested: ${unknown.join(', ')}` : 'No scopes requested.';
    refuse(response, 'invalid_scope', explanation);
    return undefined;
  }
  const redirectUri = asText(values.redirect_uri) || null;
  const target = redirectUri ?? state.app.redirectUrls[0];
  if (target === undefined || !isAllowedRedirect(state.app.redirectUrls, target)) {
    refuse(response, 'bad_redirect_uri', `redirect_uri did not match any configured URIs: ${target ?? 'none given'}`);
    return undefined;
  }
  return { scopes, userScopes, redirectUri, target, state: asText(values.state) };
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
}

function consentPage(state: SlackState, values: Json, ask: Ask): string {
  const kept = ['client_id', 'scope', 'user_scope', 'redirect_uri', 'state', 'team']
    .filter((name) => typeof values[name] === 'string')
    .map((name) => hidden(name, String(values[name])));
  const wanted = [...new Set([...ask.scopes, ...ask.userScopes])];
  const people = [...state.roster.users.values()]
    .filter((user) => !user.isBot)
    .toSorted((a, b) => Number(b.isAdmin) - Number(a.isAdmin));
  const app = escapeHtml(state.app.name);
  return page(
    `Install ${state.app.name}`,
    `<h1>${app} is requesting permission to access the ${escapeHtml(state.orgWide && state.enterprise ? `${state.enterprise.name} organization` : `${state.team.name} Slack workspace`)}</h1>
<h2>What will ${app} be able to do?</h2>
<ul>${wanted.map((scope) => `<li data-scope="${scope}">${escapeHtml(scopeWords[scope] ?? scope)} <code>${scope}</code></li>`).join('')}</ul>
<form method="post" action="/oauth/v2/authorize">
${kept.join('\n')}
<p><label>Signed in as <select name="user">${people.map((user) => `<option value="${user.id}">${escapeHtml(user.realName)}</option>`).join('')}</select></label></p>
<button type="submit" name="decision" value="cancel">Cancel</button>
<button type="submit" name="decision" value="allow">Allow</button>
</form>`,
  );
}

function decide(state: SlackState, values: Json, ask: Ask): string {
  const target = new URL(ask.target);
  if (values.decision === 'allow') {
    const admin = [...state.roster.users.values()].find((user) => user.isAdmin);
    const userId = asText(values.user) ?? admin?.id ?? '';
    const { scopes, userScopes, redirectUri } = ask;
    target.searchParams.set('code', state.authorizations.issue({ scopes, userScopes, redirectUri, userId }));
  } else {
    target.searchParams.set('error', 'access_denied');
  }
  if (ask.state !== undefined) target.searchParams.set('state', ask.state);
  return target.href;
}

/** The page on which a person lets the app in, to be mounted at `/oauth/v2`. */
export function createConsent(state: SlackState): Router {
  const router = express.Router();
  router.get('/authorize', (request: Request, response: Response) => {
    const ask = readAsk(state, request.query, response);
    if (ask) response.type('html').send(consentPage(state, request.query, ask));
  });
  router.post('/authorize', express.urlencoded({ extended: false }), (request: Request, response: Response) => {
    const values = isJson(request.body) ? request.body : {};
    const ask = readAsk(state, values, response);
    if (ask) response.redirect(302, decide(state, values, ask));
  });
  return router;
}
