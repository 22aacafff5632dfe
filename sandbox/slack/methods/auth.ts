import { SlackError } from '../errors.ts';
import { uninstallApp } from '../lifecycle.ts';
import type { Json } from '../model.ts';
import { paginate } from './arguments.ts';
import type { Call, Method } from './method.ts';

function test({ state, caller }: Call): Json {
  const user = state.roster.users.get(caller.userId);
  const { enterprise } = state;
  const owner = state.orgWide && enterprise ? enterprise : state.team;
  return {
    ok: true,
    url: `https://${owner.domain}${state.orgWide ? '.enterprise' : ''}.slack.com/`,
    team: owner.name,
    user: user?.name,
    team_id: owner.id,
    user_id: caller.userId,
    ...(caller.kind === 'bot' ? { bot_id: state.installation.botId } : {}),
    ...(enterprise ? { enterprise_id: enterprise.id } : {}),
    is_enterprise_install: state.orgWide,
  };
}

/** Without rotation, revoking the bot's token ends the installation. */
function revoke({ state, caller, args }: Call): Json {
  if (args.flag('test')) return { ok: true, revoked: false };
  if (caller.kind === 'bot' && !state.installation.tokenRotation) {
    uninstallApp(state, 'token_revoked');
  } else {
    const tokens = state.installation.revoke([caller], 'token_revoked');
    state.events.emit({ type: 'tokens_revoked', tokens });
  }
  return { ok: true, revoked: true };
}

function uninstall({ state, args }: Call): Json {
  if (args.text('client_id') !== state.app.clientId) throw new SlackError('invalid_client_id');
  if (args.text('client_secret') !== state.app.clientSecret) throw new SlackError('bad_client_secret');
  uninstallApp(state);
  return { ok: true };
}

/** The workspaces of the organization that the app is installed for; an error for a token of one workspace. */
function listTeams({ state, args }: Call): Json {
  if (!state.orgWide) throw new SlackError('not_allowed_token_type');
  const { page, nextCursor } = paginate([state.team], args, args.limit(100, 1000));
  return {
    ok: true,
    teams: page.map(({ id, name }) => ({ id, name })),
    response_metadata: { next_cursor: nextCursor },
  };
}

export const authMethods: Record<string, Method> = {
  'auth.test': { tier: 'special', run: test },
  'auth.teams.list': { tier: 2, run: listTeams },
  'auth.revoke': { tier: 3, run: revoke },
  'apps.uninstall': { tier: 1, run: uninstall },
};
