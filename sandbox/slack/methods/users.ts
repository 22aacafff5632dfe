import { SlackError } from '../errors.ts';
import type { Json } from '../model.ts';
import { botProfile } from '../wire.ts';
import { slackbotOnWire, userOnWire } from '../wire-users.ts';
import { paginate } from './arguments.ts';
import type { Call, Method } from './method.ts';

function asked({ caller, args }: Call): { email: boolean; locale: boolean } {
  return { email: caller.scopes.has('users:read.email'), locale: args.flag('include_locale') };
}

function info(call: Call): Json {
  const { state, args } = call;
  const id = args.required('user');
  if (id === 'USLACKBOT') return { ok: true, user: slackbotOnWire(state, asked(call)) };
  const user = state.roster.users.get(id);
  if (!user) throw new SlackError('user_not_found');
  return { ok: true, user: userOnWire(state, user, asked(call)) };
}

/** Everybody: deactivated people, guests, bots, Slackbot and those of other companies too. */
function list(call: Call): Json {
  const { state, args } = call;
  // A token of a whole organization names the workspace that it asks about.
  if (state.orgWide && !args.has('team_id')) throw new SlackError('missing_argument');
  const wants = asked(call);
  const users = [...state.roster.users.values()].map((user) => () => userOnWire(state, user, wants));
  users.unshift(() => slackbotOnWire(state, wants));
  const { page, nextCursor } = paginate(users, args, args.limit(users.length, 1000));
  return {
    ok: true,
    members: page.map((draw) => draw()),
    cache_ts: state.installation.installedAt,
    response_metadata: { next_cursor: nextCursor },
  };
}

/** Neither deactivated people nor those of other companies are found by their address. */
function lookupByEmail(call: Call): Json {
  const { state, args } = call;
  const email = args.required('email').trim().toLowerCase();
  const user = [...state.roster.users.values()].find(
    (other) =>
      !other.isBot &&
      !other.deleted &&
      other.externalTeam === null &&
      email !== '' &&
      other.email.toLowerCase() === email,
  );
  if (!user) throw new SlackError('users_not_found');
  return { ok: true, user: userOnWire(state, user, { ...asked(call), email: true }) };
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
