import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

/** An audit event as PostgreSQL's text; this order is the order of its canonical line. */
export const eventColumns = [
  'id',
  'at',
  'kind',
  'installation_id',
  'connection_id',
  'document_id',
  'card_id',
  'decision_id',
  'actor',
  'data',
] as const;
export type EventRow = Record<(typeof eventColumns)[number], string | null> & { id: string };

export const sealColumns = ['id', 'from_id', 'to_id', 'events', 'events_hash', 'previous_hash', 'sealed_at'] as const;
/** A seal covers the events with from_id < id <= to_id. */
export type SealRow = Record<(typeof sealColumns)[number] | 'hash', string>;

/** What the first seal names as the one before it. */
export const genesis = '0'.repeat(64);

const utc = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${column}`;
const selectEvent = eventColumns.map((column) => (column === 'at' ? utc(column) : `${column}::text as ${column}`));
const selectSeal = [...sealColumns, 'hash'].map((column) =>
  column === 'sealed_at' ? utc(column) : `${column}::text as ${column}`,
);

/** Events after one id up to another, in pages, so that a record of any length is read in bounded memory. */
export async function* readEvents(db: Knex, after: string, upTo: string, pageSize = 1000): AsyncGenerator<EventRow[]> {
  for (let from = after; ; ) {
    const { rows } = await db.raw<{ rows: EventRow[] }>(
      `select ${selectEvent.join(', ')} from audit_events where id > ?::bigint and id <= ?::bigint order by audit_events.id limit ?`,
      [from, upTo, pageSize],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    from = last.id;
  }
}

/** Every seal, first to last, in pages. */
export async function* readSeals(db: Knex, pageSize = 1000): AsyncGenerator<SealRow[]> {
  for (let from = '-1'; ; ) {
    const { rows } = await db.raw<{ rows: SealRow[] }>(
      `select ${selectSeal.join(', ')} from audit_seals where id > ?::bigint order by audit_seals.id limit ?`,
      [from, pageSize],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    from = last.id;
  }
}

/** The last seal; null before the first. */
export async function lastSeal(db: Knex): Promise<SealRow | null> {
  const { rows } = await db.raw<{ rows: SealRow[] }>(
    `select ${selectSeal.join(', ')} from audit_seals order by audit_seals.id desc limit 1`,
  );
  return rows[0] ?? null;
}

/** Hashes the lines of a seal's events as they come. */
export class EventsHash {
  #hash = createHash('sha256');
  events = 0;

  add(event: EventRow): void {
    const line = JSON.stringify(eventColumns.map((column) => event[column]));
    this.#hash.update(this.events === 0 ? line : `\n${line}`);
    this.events += 1;
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

export function hashSeal(seal: Omit<SealRow, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify(sealColumns.map((column) => seal[column])))
    .digest('hex');
}
