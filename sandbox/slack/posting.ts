import { nameBlocks } from './blocks/ids.ts';
import type { JournalEntry } from './journal.ts';
import { mentionsInMessage } from './mentions.ts';
import type { Channel, Json, Message, Metadata, SharedFile } from './model.ts';
import type { SlackState } from './state.ts';
import { messageForClient } from './wire.ts';

/** What a message shows. */
export interface Content {
  text: string;
  blocks?: Json[] | undefined;
  attachments?: Json[] | undefined;
  metadata?: Metadata | undefined;
}

export interface Draft extends Content {
  channel: Channel;
  user: string;
  byApp: boolean;
  threadTs?: string | undefined;
  broadcast?: boolean | undefined;
  username?: string | undefined;
  ephemeralTo?: string | undefined;
  kind?: JournalEntry['kind'] | undefined;
  /** Said by Slack itself: neither a post of the app nor of a person. */
  subtype?: Message['subtype'] | undefined;
  inviter?: string | undefined;
  files?: SharedFile[] | undefined;
}

function applyContent(message: Message, content: Content): void {
  message.text = content.text;
  delete message.blocks;
  delete message.attachments;
  if (content.blocks?.length) message.blocks = nameBlocks(content.blocks);
  if (content.attachments?.length) message.attachments = content.attachments;
  const mentioned = mentionsInMessage(content.text, message.blocks, message.attachments);
  message.pinged = [...new Set([...message.pinged, ...mentioned])];
}

/** Puts a message where its audience sees it. Rights and limits were checked before. */
export function publishMessage(state: SlackState, draft: Draft): Message {
  const { channel, threadTs, ephemeralTo } = draft;
  const message: Message = {
    channel: channel.id,
    ts: state.timestamps.next(),
    user: draft.user,
    text: '',
    pinged: [],
    replyCount: 0,
    replyUsers: [],
  };
  if (draft.byApp) message.botId = state.installation.botId;
  if (draft.username) message.username = draft.username;
  if (draft.metadata) message.metadata = draft.metadata;
  if (threadTs) message.threadTs = threadTs;
  if (draft.broadcast) message.broadcast = true;
  if (ephemeralTo) message.ephemeralTo = ephemeralTo;
  if (draft.subtype) message.subtype = draft.subtype;
  if (draft.inviter) message.inviter = draft.inviter;
  if (draft.files?.length) message.files = draft.files;
  applyContent(message, draft);
  if (draft.subtype) message.pinged = [];
  state.messages.add(message);
  if (draft.subtype) {
    tell(state, message, 'message');
    return message;
  }
  if (ephemeralTo) {
    state.counters.ephemeral += 1;
  } else {
    state.counters.posts += 1;
    countReply(state, message);
  }
  state.journal.add(draft.kind ?? (ephemeralTo ? 'ephemeral' : 'post'), message);
  tell(state, message, ephemeralTo ? 'ephemeral' : 'message');
  return message;
}

function countReply(state: SlackState, message: Message): void {
  const root = message.threadTs ? state.messages.get(message.channel, message.threadTs) : undefined;
  if (!root) return;
  root.replyCount += 1;
  root.latestReply = message.ts;
  if (!root.replyUsers.includes(message.user)) root.replyUsers.push(message.user);
  tell(state, root, 'message_changed');
}

/** Shows new content; without blocks in it, the blocks go. Metadata stays unless given (`null` clears it). */
export function changeMessage(
  state: SlackState,
  message: Message,
  content: Omit<Content, 'metadata'> & { metadata?: Metadata | null | undefined },
): void {
  applyContent(message, { text: content.text, blocks: content.blocks, attachments: content.attachments });
  if (content.metadata === null) delete message.metadata;
  else if (content.metadata) message.metadata = content.metadata;
  delete message.edited;
  if (!message.blocks) message.edited = { user: message.user, ts: state.timestamps.next() };
  state.counters.updates += 1;
  state.journal.add('update', message);
  tell(state, message, 'message_changed');
}

/** Adds previews of links to a message, each in place of the one that its link had. */
export function showUnfurls(state: SlackState, message: Message, unfurls: Record<string, Json>): void {
  const others = (message.attachments ?? []).filter(({ from_url }) => !Object.hasOwn(unfurls, String(from_url)));
  const added = Object.entries(unfurls).map(([url, unfurl]) => ({
    ...unfurl,
    ...(Array.isArray(unfurl.blocks) ? { blocks: nameBlocks(unfurl.blocks as Json[]) } : {}),
    from_url: url,
    app_unfurl_url: url,
    is_app_unfurl: true,
    app_id: state.app.appId,
  }));
  message.attachments = [...others, ...added].map((attachment, index) => ({ ...attachment, id: index + 1 }));
  tell(state, message, 'message_changed');
}

export function removeMessage(state: SlackState, message: Message): void {
  state.messages.remove(message);
  const root = message.threadTs ? state.messages.get(message.channel, message.threadTs) : undefined;
  if (root) {
    root.replyCount -= 1;
    tell(state, root, 'message_changed');
  }
  state.counters.deletes += 1;
  state.journal.add('delete', message);
  const type = message.ephemeralTo ? 'ephemeral_deleted' : 'message_deleted';
  const data = { channel: message.channel, ts: message.ts, thread_ts: message.threadTs };
  state.streams.tell(audienceOf(state, message), { type, data });
}

function audienceOf(state: SlackState, message: Message): Iterable<string> {
  if (message.ephemeralTo) return [message.ephemeralTo];
  const channel = state.roster.channels.get(message.channel);
  return channel ? state.roster.audience(channel) : [];
}

function tell(state: SlackState, message: Message, type: 'message' | 'message_changed' | 'ephemeral'): void {
  state.streams.tell(audienceOf(state, message), { type, data: messageForClient(state, message) });
}
