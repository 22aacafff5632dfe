import type { RequestHandler } from 'express';
import { formBody, queryOf } from '../answer.ts';
import type { Parts } from '../parts.ts';
import { clientIdOf, findUser, type User, users } from '../users.ts';
import { allowsScopes } from './token-endpoint.ts';

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>body{font:16px/1.5 system-ui;max-width:28rem;margin:4rem auto;padding:0 1rem}label,input,button{display:block;margin:.4rem 0}input{width:100%;padding:.4rem}button{display:inline-block;padding:.5rem 1rem}fieldset{margin-top:2rem}</style>
<h1>${escaped(title)}</h1>${body}</html>`;
}

function consentForm(query: URLSearchParams, failed: boolean): string {
  const hidden = [...query]
    .filter(([name]) => !['username', 'password', 'decision', 'as'].includes(name))
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  const names = users.map((user) => `<option value="${escaped(user.username)}">${escaped(user.name)}</option>`);
  const known = users.map(
    (user) => `<button name="as" value="${escaped(user.username)}" formnovalidate>${escaped(user.name)}</button>`,
  );
  return `<p>An application asks to use Acumatica in your name: <strong>${escaped(query.get('scope') ?? '')}</strong></p>
${failed ? '<p role="alert">Invalid credentials. Please try again.</p>' : ''}
<form method="post">${hidden.join('')}
<label>User name <input name="username" list="users" autocomplete="username" required></label><datalist id="users">${names.join('')}</datalist>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button name="decision" value="allow">Sign in and allow</button> <button name="decision" value="deny" formnovalidate>Deny</button>
<fieldset><legend>In the sandbox: sign in and allow as</legend>${known.join(' ')}</fieldset></form>`;
}

/** Who signs in: by name and password, or in the sandbox by a button of their own. */
function signedIn(form: URLSearchParams): User | undefined {
  const as = form.get('as');
  return as === null
    ? findUser(form.get('username'), form.get('password'))
    : users.find(({ username }) => username === as);
}

/** `GET` and `POST /identity/connect/authorize`: sign-in and consent on one page. */
export function consent(parts: Parts): RequestHandler {
  function problemOf(query: URLSearchParams): string | null {
    if (query.get('client_id')?.toLowerCase() !== clientIdOf(parts.settings.tenant).toLowerCase())
      return 'unknown client_id';
    const redirectUri = query.get('redirect_uri') ?? '';
    const { redirectUris } = parts.settings;
    const local =
      URL.canParse(redirectUri) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(redirectUri).hostname);
    if (redirectUris.length > 0 ? !redirectUris.includes(redirectUri) : !local) return 'redirect_uri is not registered';
    return null;
  }

  /** What is told to the application on the way back (RFC 6749 4.1.2.1), once its redirect URI is known to be its own. */
  function refusalOf(query: URLSearchParams): string | null {
    if (query.get('response_type') !== 'code') return 'unsupported_response_type';
    if (!parts.settings.flows.includes('code')) return 'unauthorized_client';
    const scope = query.get('scope');
    const refreshes = (scope ?? '').split(' ').includes('offline_access');
    if (!allowsScopes(parts.settings, scope) || (refreshes && parts.settings.refreshTokens === 'none'))
      return 'invalid_scope';
    const method = query.get('code_challenge_method') ?? 'plain';
    const challenge = query.get('code_challenge');
    return challenge !== null && (!['S256', 'plain'].includes(method) || challenge.length < 43)
      ? 'invalid_request'
      : null;
  }

  return (request, response) => {
    const query = request.method === 'POST' ? formBody(request) : queryOf(request);
    const problem = problemOf(query);
    if (problem) {
      response.status(400).send(page('Sign-in is not possible', `<p>${escaped(problem)}</p>`));
      return;
    }
    const back = new URL(query.get('redirect_uri') ?? '');
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    const decision = request.method === 'POST' ? (query.get('decision') ?? query.get('as')) : null;
    const user = signedIn(query);
    const refusal = refusalOf(query);
    if (refusal !== null) back.searchParams.set('error', refusal);
    else if (decision === 'deny') back.searchParams.set('error', 'access_denied');
    else if (decision === null || !user) {
      response.status(200).send(page('Sign in to Acumatica', consentForm(query, decision !== null)));
      return;
    } else {
      const challenge = query.get('code_challenge');
      const method = query.get('code_challenge_method') ?? 'plain';
      const code = parts.grants.code({
        user,
        scopes: (query.get('scope') ?? '').split(' ').filter(Boolean),
        redirectUri: query.get('redirect_uri') ?? '',
        challenge: challenge === null ? null : { method, value: challenge },
      });
      back.searchParams.set('code', code);
    }
    response.redirect(302, back.href);
  };
}
