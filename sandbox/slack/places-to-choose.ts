import { type Channel, isJson, type Json, type User } from './model.ts';
import type { Roster } from './roster.ts';

type Kind = 'public' | 'private' | 'im';

/** The conversations that a picker offers a person: those they are in or may see, not archived, by the filter. */
export function conversationsToChoose(roster: Roster, userId: string, element: Json): Channel[] {
  const onlyChannels = /channels_select$/.test(String(element.type));
  const filter = isJson(element.filter) ? element.filter : {};
  const kinds: Kind[] = onlyChannels
    ? ['public']
    : Array.isArray(filter.include)
      ? (filter.include as Kind[])
      : ['public', 'private', 'im'];
  const withBot = (channel: Channel) =>
    channel.kind === 'im' && [...channel.members].some((id) => roster.users.get(id)?.isBot);
  return [...roster.channels.values()].filter(
    (channel) =>
      kinds.includes(channel.kind) &&
      (channel.kind === 'im' ? channel.members.has(userId) : roster.sees(userId, channel)) &&
      !channel.isArchived &&
      !(filter.exclude_external_shared_channels === true && channel.isExtShared) &&
      !(filter.exclude_bot_users === true && withBot(channel)),
  );
}

/** Everybody that a people picker offers: who is not deactivated, bots too. */
export function peopleToChoose(roster: Roster): User[] {
  return [...roster.users.values()].filter((user) => !user.deleted);
}
