import { SlackError } from '../errors.ts';
import { installApp } from '../lifecycle.ts';
import type { Json } from '../model.ts';
import type { SlackState } from '../state.ts';
import type { Arguments } from './arguments.ts';

export interface ClientCredentials {
  id: string | undefined;
  secret: string | undefined;
}

function rotating(state: SlackState): Json {
  if (!state.installation.tokenRotation) return {};
  return { refresh_token: state.installation.issueRefreshToken(), expires_in: 43_200 };
}

function granted(state: SlackState, token: string): Json {
  return {
    ok: true,
    app_id: state.app.appId,
    team: state.orgWide ? null : { id: state.team.id, name: state.team.name },
    enterprise: state.enterprise && { id: state.enterprise.id, name: state.enterprise.name },
    is_enterprise_install: state.orgWide,
    access_token: token,
    token_type: 'bot',
    scope: [...state.installation.botScopes].join(','),
    bot_user_id: state.installation.botUserId,
    ...rotating(state),
  };
}

/**
 * `oauth.v2.access`: a code or a refresh token for an access token. Throws invalid_client_id, bad_client_secret,
 * invalid_code, code_already_used, bad_redirect_uri, invalid_refresh_token.
 */
export function exchangeCode(state: SlackState, args: Arguments, client: ClientCredentials): Json {
  if (client.id !== state.app.clientId) throw new SlackError('invalid_client_id');
  if (client.secret !== state.app.clientSecret) throw new SlackError('bad_client_secret');
  if (args.text('grant_type') === 'refresh_token') {
    return granted(state, state.installation.refresh(args.text('refresh_token') ?? '').value);
  }
  const grant = state.authorizations.redeem(args.text('code'), args.text('redirect_uri'));
  const answer = granted(state, installApp(state, grant.scopes).value);
  const user: Json = { id: grant.userId };
  if (grant.userScopes.length > 0) {
    user.scope = grant.userScopes.join(',');
    user.access_token = state.installation.issueUserToken(grant.userId, grant.userScopes).value;
    user.token_type = 'user';
  }
  return { ...answer, authed_user: user };
}
