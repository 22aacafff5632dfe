import { RequestRefused } from './errors.ts';
import type { Channel, Json, User } from './model.ts';
import { publishMessage } from './posting.ts';
import type { SlackState } from './state.ts';

/** The scope with which an app learns of a kind of channel; direct messages have no joining. */
const readScope = { public: 'channels:read', private: 'groups:read', im: null } as const;

/** The app hears of channels that it is in, where it may read their kind and subscribes. */
function tellApp(state: SlackState, channel: Channel, event: Json): void {
  const scope = readScope[channel.kind];
  if (scope === null || !state.installation.botScopes.has(scope)) return;
  state.events.emit({ ...event, event_ts: state.timestamps.next() });
}

/** By Slack's reference the type is the first letter of the id: G for private channels of before March 2021, else C. */
function memberEvent(state: SlackState, type: string, channel: Channel, user: User): Json {
  return {
    type,
    user: user.id,
    channel: channel.id,
    channel_type: channel.id.slice(0, 1),
    team: user.externalTeam ?? state.team.id,
    ...(state.enterprise ? { enterprise: state.enterprise.id } : {}),
  };
}

/**
 * Lets somebody into a channel, which says so; `inviter` is absent for who came by themselves. `silently`: without the
 * line in the channel. Gives whether anything changed.
 */
export function joinChannel(
  state: SlackState,
  channel: Channel,
  user: User,
  options: { inviter?: string | undefined; silently?: boolean } = {},
): boolean {
  if (channel.members.has(user.id)) return false;
  const { inviter } = options;
  channel.members.add(user.id);
  const { botUserId } = state.installation;
  if (channel.members.has(botUserId)) {
    const event = memberEvent(state, 'member_joined_channel', channel, user);
    tellApp(state, channel, { ...event, ...(inviter ? { inviter } : {}) });
  }
  if (!options.silently) say(state, channel, user, 'joined', inviter);
  state.streams.tellAll({ type: 'workspace_changed', data: { channel: channel.id } });
  return true;
}

/**
 * Takes somebody out of a channel. The app hears `member_left_channel` about others; of its own removal it hears
 * `channel_left` or `group_left`, since it is no member any more (public reports), or what `ownLeaving` says.
 * Gives whether anything changed.
 */
export function leaveChannel(
  state: SlackState,
  channel: Channel,
  user: User,
  options: { actor?: string | undefined; silently?: boolean } = {},
): boolean {
  if (!channel.members.delete(user.id)) return false;
  const { botUserId } = state.installation;
  const left = memberEvent(state, 'member_left_channel', channel, user);
  if (user.id === botUserId) {
    const type = channel.kind === 'private' ? 'group_left' : 'channel_left';
    const actor = options.actor ? { actor_id: options.actor } : {};
    const { ownLeaving } = state.app;
    if (ownLeaving !== 'member_left_channel') tellApp(state, channel, { type, channel: channel.id, ...actor });
    if (ownLeaving !== 'channel_left') tellApp(state, channel, left);
  } else if (channel.members.has(botUserId)) {
    tellApp(state, channel, left);
  }
  if (!options.silently) say(state, channel, user, 'left', options.actor);
  state.streams.tellAll({ type: 'workspace_changed', data: { channel: channel.id } });
  return true;
}

/** The line that Slack itself writes into the channel. */
function say(state: SlackState, channel: Channel, user: User, what: 'joined' | 'left', by: string | undefined): void {
  const byOther = by && by !== user.id ? ` by <@${by}>` : '';
  const words =
    what === 'joined' ? (byOther ? `was added${byOther}` : 'joined') : byOther ? `was removed${byOther}` : 'left';
  publishMessage(state, {
    channel,
    user: user.id,
    byApp: false,
    text: `<@${user.id}> ${words}`,
    subtype: what === 'joined' ? 'channel_join' : 'channel_leave',
    ...(what === 'joined' && byOther ? { inviter: by } : {}),
  });
}

/** Whom a person means: an id, `<@U…>`, `@name`, a real name, the app's name. Throws RequestRefused (404). */
export function whom(state: SlackState, reference: string): User {
  const wanted = reference
    .trim()
    .replace(/^<@([UW][A-Z0-9]+)(\|[^>]*)?>$/, '$1')
    .replace(/^@/, '');
  const names = (user: User) => [user.id, user.name, user.realName, user.realName.replace(/ \(.*\)$/, '')];
  const found = [...state.roster.users.values()].find((user) =>
    names(user).some((name) => name.toLowerCase() === wanted.toLowerCase()),
  );
  if (!found || found.deleted || (found.isBot && !state.installation.installed)) {
    throw new RequestRefused(404, `there is nobody called ${reference.trim() || '(nothing)'} here`);
  }
  return found;
}

function checkMayChange(channel: Channel, actor: User): void {
  if (channel.kind === 'im') throw new RequestRefused(400, 'nobody joins or leaves a direct message');
  if (channel.isArchived) throw new RequestRefused(400, 'the channel is archived');
  if (actor.guest !== 'no' || actor.externalTeam !== null) {
    throw new RequestRefused(400, 'guests and other companies can neither add nor remove people');
  }
}

/** `/invite`: somebody who is in a channel, or may join it, brings others in. Throws RequestRefused. */
export function invite(state: SlackState, channel: Channel, actor: User, reference: string): User {
  checkMayChange(channel, actor);
  const user = whom(state, reference);
  if (user.externalTeam !== null && !channel.isExtShared) {
    throw new RequestRefused(400, `${user.realName} works for another company, and the channel is not shared with it`);
  }
  joinChannel(state, channel, actor);
  if (!joinChannel(state, channel, user, { inviter: actor.id })) {
    throw new RequestRefused(400, `${user.realName} is already in this channel`);
  }
  return user;
}

/** `/remove`: as `invite`, the other way. Nobody is removed from #general. Throws RequestRefused. */
export function remove(state: SlackState, channel: Channel, actor: User, reference: string): User {
  checkMayChange(channel, actor);
  if (channel.name === 'general') throw new RequestRefused(400, 'nobody can be removed from #general');
  const user = whom(state, reference);
  if (!leaveChannel(state, channel, user, { actor: actor.id })) {
    throw new RequestRefused(400, `${user.realName} is not in this channel`);
  }
  return user;
}
