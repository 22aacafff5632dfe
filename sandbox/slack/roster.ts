import { nowSeconds } from './clock.ts';
import { newId } from './ids.ts';
import type { Channel, User } from './model.ts';
import { channels as channelSeed, people } from './seed.ts';

/** Whether it is a member of the workspace itself: no bot, no guest, nobody of another company, not deactivated. */
export function isColleague(user: User): boolean {
  return !user.isBot && !user.deleted && user.guest === 'no' && user.externalTeam === null;
}

/** The people and the channels. */
export class Roster {
  readonly users = new Map<string, User>();
  readonly channels = new Map<string, Channel>();

  constructor() {
    for (const user of people) this.users.set(user.id, { ...user });
    for (const seed of channelSeed) this.addChannel(seed);
  }

  addUser(user: Partial<User> & { name: string }): User {
    const added: User = {
      id: newId('U'),
      realName: user.name,
      email: `${user.name}@northwind.example`,
      isAdmin: false,
      isBot: false,
      tz: 'Europe/London',
      locale: 'en-GB',
      deleted: false,
      guest: 'no',
      externalTeam: null,
      ...user,
    };
    this.users.set(added.id, added);
    return added;
  }

  /** `old`: a private channel of before March 2021, whose id begins with G. */
  addChannel(seed: {
    id?: string;
    name: string;
    private?: boolean;
    members?: string[];
    old?: boolean;
    isExtShared?: boolean;
  }): Channel {
    const channel: Channel = {
      id: seed.id ?? newId(seed.old && seed.private ? 'G' : 'C'),
      name: seed.name,
      kind: seed.private ? 'private' : 'public',
      isArchived: false,
      isExtShared: seed.isExtShared ?? false,
      members: new Set(seed.members ?? this.#people()),
      created: nowSeconds(),
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  #people(): string[] {
    return [...this.users.values()].filter(isColleague).map((user) => user.id);
  }

  /** By id, by name or by #name. */
  findChannel(reference: string): Channel | undefined {
    const byId = this.channels.get(reference);
    if (byId) return byId;
    const name = reference.replace(/^#/, '');
    return [...this.channels.values()].find((channel) => channel.kind !== 'im' && channel.name === name);
  }

  /** The direct conversation of two users, opened when there is none yet. */
  directMessage(bot: string, user: string): Channel {
    for (const channel of this.channels.values()) {
      if (channel.kind === 'im' && channel.members.has(bot) && channel.members.has(user)) return channel;
    }
    const channel: Channel = {
      id: newId('D'),
      name: 'directmessage',
      kind: 'im',
      isArchived: false,
      isExtShared: false,
      members: new Set([bot, user]),
      created: nowSeconds(),
      user,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** Everyone who can see a channel: its members, and all colleagues where it is public. */
  *audience(channel: Channel): Iterable<string> {
    if (channel.kind !== 'public') yield* channel.members;
    else for (const id of this.users.keys()) if (this.sees(id, channel)) yield id;
  }

  /** Whether a person's client shows the channel: guests and other companies see their own channels alone. */
  sees(userId: string, channel: Channel): boolean {
    if (channel.members.has(userId)) return true;
    const user = this.users.get(userId);
    return channel.kind === 'public' && user !== undefined && (user.isBot || isColleague(user));
  }
}
