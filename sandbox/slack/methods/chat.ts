import { SlackError } from '../errors.ts';
import type { Json, Message } from '../model.ts';
import { changeMessage, publishMessage, removeMessage } from '../posting.ts';
import { messageOnWire } from '../wire.ts';
import { readContent } from './content.ts';
import type { Call, Method } from './method.ts';
import { channelToPostIn, ownMessage, threadRoot, visibleChannel } from './places.ts';

const maxPostedText = 40_000;
const maxUpdatedText = 4_000;

function answer(call: Call, message: Message): Json {
  return {
    ok: true,
    channel: message.channel,
    ts: message.ts,
    message: messageOnWire(call.state, message, 'full'),
  };
}

function postMessage(call: Call): Json {
  const { state, caller, args } = call;
  const channel = channelToPostIn(call);
  const content = readContent(call);
  const root = threadRoot(call, channel);
  state.limits.takeMessage(channel.id);
  const message = publishMessage(state, {
    ...content,
    text: content.text.slice(0, maxPostedText),
    metadata: content.metadata ?? undefined,
    channel,
    user: caller.userId,
    byApp: true,
    threadTs: root?.ts,
    broadcast: root && args.flag('reply_broadcast'),
    username: caller.scopes.has('chat:write.customize') ? args.text('username') : undefined,
  });
  return answer(call, message);
}

function update(call: Call): Json {
  const channel = visibleChannel(call);
  const message = ownMessage(call, channel, 'cant_update_message');
  if (channel.isArchived) throw new SlackError('is_archived');
  if ((call.args.text('text') ?? '').length > maxUpdatedText) throw new SlackError('msg_too_long');
  changeMessage(call.state, message, readContent(call));
  return { ...answer(call, message), text: message.text };
}

function deleteMessage(call: Call): Json {
  const channel = visibleChannel(call);
  const message = ownMessage(call, channel, 'cant_delete_message');
  removeMessage(call.state, message);
  return { ok: true, channel: channel.id, ts: message.ts };
}

/** Sender and receiver must both be members of the channel. */
function postEphemeral(call: Call): Json {
  const { state, caller, args } = call;
  const channel = visibleChannel(call);
  const user = args.required('user');
  if (!channel.members.has(caller.userId)) throw new SlackError('not_in_channel');
  if (channel.isArchived) throw new SlackError('is_archived');
  if (!channel.members.has(user)) throw new SlackError('user_not_in_channel');
  const content = readContent(call);
  if (content.text.length > maxPostedText) throw new SlackError('msg_too_long');
  const message = publishMessage(state, {
    ...content,
    metadata: undefined,
    channel,
    user: caller.userId,
    byApp: true,
    threadTs: args.text('thread_ts'),
    ephemeralTo: user,
  });
  return { ok: true, message_ts: message.ts };
}

function getPermalink(call: Call): Json {
  const channel = visibleChannel(call);
  const ts = call.args.required('message_ts');
  const message = call.state.messages.get(channel.id, ts);
  if (!message) throw new SlackError('message_not_found');
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
  const permalink = `${call.state.options.baseUrl()}/archives/${channel.id}/p${ts.replace('.', '')}${thread}`;
  return { ok: true, channel: channel.id, permalink };
}

const scopes = ['chat:write'];

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': { tier: 'post', scopes, run: postMessage },
  'chat.update': { tier: 3, scopes, run: update },
  'chat.delete': { tier: 3, scopes, run: deleteMessage },
  'chat.postEphemeral': { tier: 4, scopes, run: postEphemeral },
  'chat.getPermalink': { tier: 'special', run: getPermalink },
};
