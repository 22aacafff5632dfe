import type { Channel, Json, Message, SharedFile, View } from './model.ts';
import type { SlackState } from './state.ts';

/** A message as history and callbacks show it. Without the right argument, metadata shows only its type. */
export function messageOnWire(state: SlackState, message: Message, metadata: 'full' | 'type' | 'none'): Json {
  const wire: Json = { user: message.user, type: 'message', ts: message.ts };
  if (message.botId) {
    Object.assign(wire, {
      bot_id: message.botId,
      app_id: state.app.appId,
      bot_profile: botProfile(state),
    });
  }
  Object.assign(wire, { text: message.text, team: state.team.id });
  if (message.username) wire.username = message.username;
  if (message.blocks) wire.blocks = message.blocks;
  if (message.attachments) wire.attachments = message.attachments;
  if (message.files) wire.files = message.files.map((file) => fileOnWire(state, file, message.user));
  if (message.edited) wire.edited = message.edited;
  if (message.threadTs) wire.thread_ts = message.threadTs;
  if (message.broadcast) wire.subtype = 'thread_broadcast';
  if (message.subtype) wire.subtype = message.subtype;
  if (message.inviter) wire.inviter = message.inviter;
  if (message.replyCount > 0) {
    Object.assign(wire, {
      thread_ts: message.ts,
      reply_count: message.replyCount,
      reply_users: message.replyUsers,
      reply_users_count: message.replyUsers.length,
      latest_reply: message.latestReply,
    });
  }
  if (message.metadata && metadata === 'full') wire.metadata = message.metadata;
  if (message.metadata && metadata === 'type') wire.metadata = { event_type: message.metadata.event_type };
  return wire;
}

/** A file object; its content is behind `url_private`, for a bearer token with files:read. */
export function fileOnWire(state: SlackState, file: SharedFile, user: string): Json {
  const address = `${state.options.baseUrl()}/files-pri/${state.team.id}-${file.id}`;
  const name = encodeURIComponent(file.name);
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.name,
    mimetype: file.mimetype,
    filetype: /\.(\w+)$/.exec(file.name)?.[1] ?? 'binary',
    user,
    user_team: state.team.id,
    editable: false,
    size: file.content.length,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: true,
    public_url_shared: false,
    url_private: `${address}/${name}`,
    url_private_download: `${address}/download/${name}`,
    permalink: `${state.options.baseUrl()}/files/${user}/${file.id}/${name}`,
    has_rich_preview: false,
    file_access: 'visible',
  };
}

export function botProfile(state: SlackState): Json {
  return {
    id: state.installation.botId,
    deleted: !state.installation.installed,
    name: state.app.name,
    updated: state.installation.installedAt,
    app_id: state.app.appId,
    user_id: state.installation.botUserId,
    team_id: state.team.id,
    icons: {},
  };
}

/** A conversation as the caller sees it; `num_members` only where a method gives it. */
export function channelOnWire(channel: Channel, userId: string, more: { members?: boolean } = {}): Json {
  const direct = channel.kind === 'im';
  if (direct) return { id: channel.id, created: channel.created, is_im: true, is_archived: false, user: channel.user };
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_archived: channel.isArchived,
    is_general: channel.name === 'general',
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_pending_ext_shared: false,
    is_org_shared: false,
    is_member: channel.members.has(userId),
    created: channel.created,
    ...(more.members ? { num_members: channel.members.size } : {}),
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

/** A view with its current hash and what is filled in. */
export function viewOnWire(state: SlackState, view: View): Json {
  const { definition } = view;
  const modal = view.type === 'modal';
  return {
    id: view.id,
    team_id: state.team.id,
    type: view.type,
    blocks: definition.blocks,
    private_metadata: definition.private_metadata ?? '',
    callback_id: definition.callback_id ?? '',
    state: { values: view.values },
    hash: view.hash,
    title: definition.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: definition.clear_on_close ?? false,
    notify_on_close: definition.notify_on_close ?? false,
    close: definition.close ?? null,
    submit: definition.submit ?? null,
    ...(modal && definition.submit_disabled !== undefined ? { submit_disabled: definition.submit_disabled } : {}),
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: state.app.appId,
    external_id: definition.external_id ?? '',
    app_installed_team_id: state.team.id,
    bot_id: state.installation.botId,
  };
}

/** A message as a person's own client shows it. */
export function messageForClient(state: SlackState, message: Message): Json {
  const author = state.roster.users.get(message.user);
  return {
    channel: message.channel,
    ts: message.ts,
    thread_ts: message.threadTs,
    broadcast: message.broadcast ?? false,
    subtype: message.subtype,
    user: message.user,
    bot: message.botId !== undefined,
    username: message.username ?? (message.botId ? state.app.name : (author?.realName ?? message.user)),
    text: message.text,
    blocks: message.blocks ?? [],
    attachments: message.attachments ?? [],
    files: (message.files ?? []).map(({ id, name, mimetype, content }) => ({
      id,
      name,
      mimetype,
      size: content.length,
    })),
    metadata: message.metadata ?? null,
    edited: message.edited,
    replyCount: message.replyCount,
    pinged: message.pinged,
    ephemeral: message.ephemeralTo !== undefined,
  };
}
