import { SlackError } from '../errors.ts';
import type { Json } from '../model.ts';
import { botProfile, userOnWire } from '../wire.ts';
import { paginate } from './arguments.ts';
import type { Call, Method } from './method.ts';

function info({ state, caller, args }: Call): Json {
  const user = state.roster.users.get(args.required('user'));
  if (!user) throw new SlackError('user_not_found');
  return { ok: true, user: userOnWire(state, user, caller.scopes.has('users:read.email')) };
}

function list({ state, caller, args }: Call): Json {
  const users = [...state.roster.users.values()];
  const { page, nextCursor } = paginate(users, args, args.limit(users.length, 1000));
  const withEmail = caller.scopes.has('users:read.email');
  return {
    ok: true,
    members: page.map((user) => userOnWire(state, user, withEmail)),
    cache_ts: state.installation.installedAt,
    response_metadata: { next_cursor: nextCursor },
  };
}

function lookupByEmail({ state, args }: Call): Json {
  const email = args.required('email').toLowerCase();
  const user = [...state.roster.users.values()].find((other) => !other.isBot && other.email.toLowerCase() === email);
  if (!user) throw new SlackError('users_not_found');
  return { ok: true, user: userOnWire(state, user, true) };
}

function teamInfo({ state }: Call): Json {
  const { id, name, domain } = state.team;
  return {
    ok: true,
    team: { id, name, domain, url: `https://${domain}.slack.com/`, email_domain: 'northwind.example', icon: {} },
  };
}

function botInfo({ state, args }: Call): Json {
  const asked = args.text('bot') ?? state.installation.botId;
  if (asked !== state.installation.botId) throw new SlackError('bot_not_found');
  return { ok: true, bot: botProfile(state) };
}

export const userMethods: Record<string, Method> = {
  'users.info': { tier: 4, scopes: ['users:read'], run: info },
  'users.list': { tier: 2, scopes: ['users:read'], run: list },
  'users.lookupByEmail': { tier: 3, scopes: ['users:read.email'], run: lookupByEmail },
  'team.info': { tier: 3, scopes: ['team:read'], run: teamInfo },
  'bots.info': { tier: 3, scopes: ['users:read'], run: botInfo },
};
