export type Json = Record<string, unknown>;

export interface User {
  id: string;
  name: string;
  realName: string;
  email: string;
  isAdmin: boolean;
  isBot: boolean;
  /** IANA name of the time zone. */
  tz: string;
  /** IETF tag of the language their Slack is in. */
  locale: string;
  /** Deactivated: still known by its id, but nobody acts as it any more. */
  deleted: boolean;
  /** `multi` and `single`: a guest of several channels, or of one. */
  guest: 'no' | 'multi' | 'single';
  /** The other company's workspace, for somebody met through Slack Connect. */
  externalTeam: string | null;
}

export interface Channel {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  isArchived: boolean;
  /** Shared with another company through Slack Connect. */
  isExtShared: boolean;
  /** User ids. */
  members: Set<string>;
  /** Unix seconds. */
  created: number;
  /** The person at the other end of a direct message. */
  user?: string;
}

export interface Metadata {
  event_type: string;
  event_payload: Json;
}

/** A file that a person put into a message. */
export interface SharedFile {
  id: string;
  name: string;
  mimetype: string;
  content: Buffer;
  /** Unix seconds. */
  created: number;
}

export interface Message {
  channel: string;
  ts: string;
  threadTs?: string;
  /** Shown in the channel as well as in its thread. */
  broadcast?: boolean;
  user: string;
  botId?: string;
  username?: string;
  text: string;
  blocks?: Json[];
  attachments?: Json[];
  metadata?: Metadata;
  files?: SharedFile[];
  edited?: { user: string; ts: string };
  /** Set on an ephemeral message: the only person who sees it. */
  ephemeralTo?: string;
  /** Set on what Slack itself says: somebody joined or left. */
  subtype?: 'channel_join' | 'channel_leave';
  inviter?: string;
  /** Everyone this message ever mentioned: user ids, `channel`, `here`, `everyone`, user group ids. */
  pinged: string[];
  replyCount: number;
  replyUsers: string[];
  latestReply?: string;
}

/** A modal or a Home tab. `definition` is what the app sent, with block and action ids filled in. */
export interface View {
  id: string;
  type: 'modal' | 'home';
  user: string;
  definition: Json;
  hash: string;
  rootViewId: string;
  previousViewId: string | null;
  /** `state.values` as the wire has it: block id, action id, value object. */
  values: Record<string, Record<string, Json>>;
  /** The channel that the modal was opened from. */
  openedFrom: string | null;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
