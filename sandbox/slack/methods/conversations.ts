import { SlackError } from '../errors.ts';
import { joinChannel } from '../membership.ts';
import type { Channel, Json, Message } from '../model.ts';
import { channelOnWire, messageOnWire } from '../wire.ts';
import { paginate } from './arguments.ts';
import type { Call, Method } from './method.ts';
import { visibleChannel } from './places.ts';

const prefix = { public: 'channels', private: 'groups', im: 'im' } as const;
const typeNames = { public: 'public_channel', private: 'private_channel', im: 'im' } as const;

function needScope({ caller }: Call, scope: string): void {
  if (!caller.scopes.has(scope)) {
    throw new SlackError('missing_scope', { needed: scope, provided: [...caller.scopes].join(',') });
  }
}

function info(call: Call): Json {
  const channel = visibleChannel(call);
  needScope(call, `${prefix[channel.kind]}:read`);
  const drawn = channelOnWire(channel, call.caller.userId, { members: call.args.flag('include_num_members') });
  return { ok: true, channel: { ...drawn, ...(call.args.flag('include_locale') ? { locale: 'en-GB' } : {}) } };
}

function list(call: Call): Json {
  const { state, caller, args } = call;
  const types = (args.text('types') ?? 'public_channel').split(',').map((type) => type.trim());
  const kinds = (['public', 'private', 'im'] as const).filter((kind) => types.includes(typeNames[kind]));
  for (const kind of kinds) needScope(call, `${prefix[kind]}:read`);
  const visible = [...state.roster.channels.values()].filter(
    (channel) =>
      kinds.includes(channel.kind) &&
      (channel.kind === 'public' || channel.members.has(caller.userId)) &&
      !(args.flag('exclude_archived') && channel.isArchived),
  );
  const { page, nextCursor } = paginate(visible, args, args.limit(100, 1000));
  return {
    ok: true,
    channels: page.map((channel) => channelOnWire(channel, caller.userId, { members: true })),
    response_metadata: { next_cursor: nextCursor },
  };
}

/** History and replies need the right for that kind of channel and membership. */
function readableChannel(call: Call): Channel {
  const channel = visibleChannel(call);
  needScope(call, `${prefix[channel.kind]}:history`);
  if (!channel.members.has(call.caller.userId)) throw new SlackError('not_in_channel');
  return channel;
}

function inRange({ args }: Call, ts: string): boolean {
  const oldest = Number(args.text('oldest') || 0);
  const latest = Number(args.text('latest') || Number.POSITIVE_INFINITY);
  const at = Number(ts);
  return args.flag('inclusive') ? at >= oldest && at <= latest : at > oldest && at < latest;
}

function page(call: Call, messages: Message[]): Json {
  const { state, args } = call;
  const restricted = state.limits.history === 'restricted';
  const limit = Math.min(args.limit(restricted ? 15 : 100, 1000), restricted ? 15 : 999);
  const { page: shown, nextCursor } = paginate(messages, args, limit);
  const metadata = args.flag('include_all_metadata') ? 'full' : 'type';
  return {
    ok: true,
    messages: shown.map((message) => messageOnWire(state, message, metadata)),
    has_more: nextCursor !== '',
    ...(nextCursor === '' ? {} : { response_metadata: { next_cursor: nextCursor } }),
  };
}

function history(call: Call): Json {
  const channel = readableChannel(call);
  const messages = call.state.messages
    .inChannel(channel.id)
    .filter((message) => !message.ephemeralTo && (!message.threadTs || message.broadcast) && inRange(call, message.ts));
  return { ...page(call, messages.toReversed()), pin_count: 0 };
}

function replies(call: Call): Json {
  const channel = readableChannel(call);
  const asked = call.state.messages.get(channel.id, call.args.required('ts'));
  const root = asked?.threadTs ? call.state.messages.get(channel.id, asked.threadTs) : asked;
  if (!root || root.ephemeralTo) throw new SlackError('thread_not_found');
  const thread = call.state.messages
    .inChannel(channel.id)
    .filter(
      (message) =>
        message === root || (message.threadTs === root.ts && !message.ephemeralTo && inRange(call, message.ts)),
    );
  return page(call, thread);
}

function open(call: Call): Json {
  const { state, caller, args } = call;
  if (args.has('channel')) return { ok: true, channel: { id: visibleChannel(call).id } };
  const users = args.required('users').split(',');
  const user = state.roster.users.get(users[0] ?? '');
  if (!user) throw new SlackError('user_not_found');
  if (users.length > 1) throw new SlackError('invalid_user_combination');
  const channel = state.roster.directMessage(caller.userId, user.id);
  return { ok: true, channel: args.flag('return_im') ? channelOnWire(channel, caller.userId) : { id: channel.id } };
}

function join(call: Call): Json {
  const channel = visibleChannel(call);
  if (channel.kind !== 'public') throw new SlackError('method_not_supported_for_channel_type');
  if (channel.isArchived) throw new SlackError('is_archived');
  const caller = call.state.roster.users.get(call.caller.userId);
  const already = !caller || !joinChannel(call.state, channel, caller);
  return {
    ok: true,
    channel: channelOnWire(channel, call.caller.userId),
    ...(already ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } } : {}),
  };
}

function members(call: Call): Json {
  const channel = visibleChannel(call);
  needScope(call, `${prefix[channel.kind]}:read`);
  const { page: shown, nextCursor } = paginate([...channel.members], call.args, call.args.limit(100, 1000));
  return { ok: true, members: shown, response_metadata: { next_cursor: nextCursor } };
}

const reading = ['channels:read', 'groups:read', 'mpim:read', 'im:read'];
const histories = ['channels:history', 'groups:history', 'mpim:history', 'im:history'];

export const conversationMethods: Record<string, Method> = {
  'conversations.info': { tier: 3, scopes: reading, run: info },
  'conversations.list': { tier: 2, scopes: reading, run: list },
  'conversations.history': { tier: 3, scopes: histories, run: history },
  'conversations.replies': { tier: 3, scopes: histories, run: replies },
  'conversations.open': { tier: 3, scopes: ['im:write', 'mpim:write'], run: open },
  'conversations.join': { tier: 3, scopes: ['channels:join'], run: join },
  'conversations.members': { tier: 4, scopes: reading, run: members },
};
