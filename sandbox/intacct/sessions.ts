import { randomBytes } from 'node:crypto';
import type { User } from './company.ts';
import type { Row } from './ledger/row.ts';
import type { ObjectType } from './objects/object-type.ts';
import type { Column } from './reading/reader.ts';
import type { Settings } from './settings.ts';

/** What readMore goes on with; it dies with its session. */
export interface ResultSet {
  type: ObjectType;
  columns: Column[];
  rows: Row[];
  next: number;
  pageSize: number;
}

/** `expiresAt` (ms) slides with each call; `entityKey` null is the top level. */
export interface Session {
  readonly id: string;
  readonly user: User;
  entityKey: number | null;
  entityId: string;
  expiresAt: number;
  readonly results: Map<string, ResultSet>;
}

export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #settings: Settings;
  readonly #now: () => number;
  opened = 0;
  expired = 0;

  constructor(settings: Settings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Opens a session; nobody else knows its id, so one for a single request is simply not handed out. */
  open(user: User, entityKey: number | null, entityId: string): Session {
    const id = randomBytes(24).toString('base64url');
    const session = { id, user, entityKey, entityId, expiresAt: 0, results: new Map() };
    this.#slide(session);
    return session;
  }

  /** From here on the session can be named. */
  keep(session: Session): void {
    this.#open.set(session.id, session);
    this.opened += 1;
  }

  /** The session of that id, renewed by this call; undefined where it is unknown or over. */
  renew(id: string): Session | undefined {
    this.#sweep();
    const session = this.#open.get(id);
    if (session) this.#slide(session);
    return session;
  }

  /** Ends every session, or those of one user, with their result sets. */
  expire(userId?: string): number {
    const ended = [...this.#open.values()].filter(({ user }) => userId === undefined || user.userId === userId);
    for (const { id } of ended) this.#open.delete(id);
    this.expired += ended.length;
    return ended.length;
  }

  list(): { user: string; entity: string; expiresAt: string; resultSets: number }[] {
    this.#sweep();
    return [...this.#open.values()].map(({ user, entityId, expiresAt, results }) => ({
      user: user.userId,
      entity: entityId,
      expiresAt: new Date(expiresAt).toISOString(),
      resultSets: results.size,
    }));
  }

  #slide(session: Session): void {
    session.expiresAt = this.#now() + this.#settings.sessionMinutes * 60_000;
  }

  #sweep(): void {
    const now = this.#now();
    for (const { id, expiresAt } of this.#open.values()) if (expiresAt <= now) this.#open.delete(id);
  }
}
