import { SlackError } from '../errors.ts';
import type { Channel, Message } from '../model.ts';
import type { Call } from './method.ts';

/** The channel that the caller may know of; throws channel_not_found, also for a private one without the bot. */
export function visibleChannel({ state, caller, args }: Call, name = 'channel'): Channel {
  const channel = state.roster.findChannel(args.required(name));
  const member = channel?.members.has(caller.userId) ?? false;
  if (!channel || (channel.kind !== 'public' && !member)) throw new SlackError('channel_not_found');
  return channel;
}

/**
 * Where a message may go: a `U…` id is the direct message with that person. Throws channel_not_found,
 * not_in_channel, is_archived.
 */
export function channelToPostIn(call: Call): Channel {
  const { state, caller, args } = call;
  const reference = args.required('channel');
  if (/^[UW][A-Z0-9]+$/.test(reference) && state.roster.users.has(reference)) {
    return state.roster.directMessage(caller.userId, reference);
  }
  const channel = visibleChannel(call);
  const mayPost = channel.members.has(caller.userId) || caller.scopes.has('chat:write.public');
  if (!mayPost) throw new SlackError('not_in_channel');
  if (channel.isArchived) throw new SlackError('is_archived');
  return channel;
}

/** The root of the thread that a reply goes to; undefined outside threads. Throws thread_not_found. */
export function threadRoot({ state, args }: Call, channel: Channel): Message | undefined {
  const ts = args.text('thread_ts');
  if (!ts) return undefined;
  const message = state.messages.get(channel.id, ts);
  if (!message || message.ephemeralTo) throw new SlackError('thread_not_found');
  return message.threadTs ? state.messages.get(channel.id, message.threadTs) : message;
}

/** The caller's own message; throws message_not_found (also for an ephemeral one) or the given code. */
export function ownMessage(call: Call, channel: Channel, notOwn: string): Message {
  const message = call.state.messages.get(channel.id, call.args.required('ts'));
  if (!message || message.ephemeralTo) throw new SlackError('message_not_found');
  if (message.user !== call.caller.userId) throw new SlackError(notOwn);
  return message;
}
