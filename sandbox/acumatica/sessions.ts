import { randomBytes } from 'node:crypto';
import { limitReached } from './erp-error.ts';
import type { Settings } from './settings.ts';
import type { User } from './users.ts';

/** An open session; each takes one API-user seat until it is closed or its time is over (ms since the epoch). */
export interface Session {
  readonly id: string;
  readonly user: User;
  readonly by: 'cookie' | 'token';
  /** Set where the session was opened by a grant with plain `api` scope: it lives as long as the grant's token. */
  readonly grant: string | null;
  expiresAt: number;
}

/** The licence's seats. */
export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #settings: Settings;
  readonly #now: () => number;
  /** Sessions of other tenants of the site, which take seats of the same licence. */
  elsewhere: () => number = () => 0;
  opened = 0;
  closed = 0;

  constructor(settings: Settings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Takes a seat. Throws ErpError "API Login Limit" where none is free. */
  open(fields: Omit<Session, 'id'>): Session {
    const seats = this.#settings.apiUsers;
    if (seats !== null && this.count() + this.elsewhere() >= seats)
      throw limitReached('API Login Limit', this.#settings);
    const session = { ...fields, id: randomBytes(12).toString('hex') };
    this.#open.set(session.id, session);
    this.opened += 1;
    return session;
  }

  get(id: string | undefined): Session | undefined {
    this.#expire();
    return id === undefined ? undefined : this.#open.get(id);
  }

  ofGrant(grant: string): Session | undefined {
    this.#expire();
    return [...this.#open.values()].find((session) => session.grant === grant);
  }

  close(session: Session): void {
    if (this.#open.delete(session.id)) this.closed += 1;
  }

  /** What restarting the site does. */
  closeAll(): void {
    for (const session of this.#open.values()) this.close(session);
  }

  count(): number {
    this.#expire();
    return this.#open.size;
  }

  list(): { user: string; by: string; expiresAt: string }[] {
    this.#expire();
    return [...this.#open.values()].map(({ user, by, expiresAt }) => ({
      user: user.username,
      by,
      expiresAt: new Date(expiresAt).toISOString(),
    }));
  }

  #expire(): void {
    const now = this.#now();
    for (const session of this.#open.values()) if (session.expiresAt <= now) this.close(session);
  }
}
