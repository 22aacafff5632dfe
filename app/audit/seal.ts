import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import { EventsHash, genesis, hashSeal, lastSeal, readEvents, type SealRow } from './lines.ts';

export interface SealOptions {
  log?: Logger;
  /** How long to wait for transactions under way; default 5,000 ms. */
  waitMs?: number;
  /** Events in one seal at most; default 5,000. */
  batch?: number;
}

export interface SealOutcome {
  /** `waiting`: a transaction is still open that may add earlier events; `busy`: another process seals. */
  result: 'sealed' | 'nothing' | 'waiting' | 'busy';
  seals: number;
  events: number;
  /** The hash of the last seal: kept elsewhere, it witnesses everything before it. */
  head: string | null;
}

const pauseMs = 50;

/**
 * Seals every event that no transaction under way can still precede. Writers never wait: they take no lock here.
 *
 * A writer has its transaction number before it draws an event id. So whoever drew an id up to `last` has a smaller
 * number than the one this transaction is given after it has read `last`; once no transaction below that number runs,
 * all those ids are visible or will never be. (`pg_snapshot_xmax` is no such bound: it follows the last number that
 * ended, so running transactions can be above it.)
 */
export async function sealEvents(
  db: Database,
  { log, waitMs = 5000, batch = 5000 }: SealOptions = {},
): Promise<SealOutcome> {
  const outcome = await db.transaction((trx) => sealIn(trx, waitMs, batch), { isolationLevel: 'read committed' });
  if (outcome.result === 'sealed') log?.info('Sealed the audit record.', { ...outcome });
  if (outcome.result === 'waiting') log?.debug('The audit record is not sealed: a transaction is still open.');
  return outcome;
}

async function sealIn(trx: Knex.Transaction, waitMs: number, batch: number): Promise<SealOutcome> {
  const one = async <T>(sql: string, ...values: string[]) => (await trx.raw<{ rows: T[] }>(sql, values)).rows[0];
  const none = { seals: 0, events: 0 };

  const lock = await one<{ got: boolean }>(`select pg_try_advisory_xact_lock(hashtext('countersign seal')) as got`);
  if (!lock?.got) return { result: 'busy', ...none, head: null };
  let previous = await lastSeal(trx);
  const head = previous?.hash ?? null;
  const fresh = await one(`select 1 from audit_events where id > ?::bigint limit 1`, previous?.to_id ?? '0');
  if (!fresh) return { result: 'nothing', ...none, head };

  const sequence = await one<{ last: string }>(`select last_value::text as last from ${await sequenceName(trx)}`);
  const last = sequence?.last ?? '0';
  const bound = (await one<{ xact: string }>('select pg_current_xact_id()::text as xact'))?.xact ?? '0';
  const deadline = Date.now() + waitMs;
  const settled = () =>
    one<{ yes: boolean }>('select pg_snapshot_xmin(pg_current_snapshot()) >= ?::xid8 as yes', bound);
  while (!(await settled())?.yes) {
    if (Date.now() >= deadline) return { result: 'waiting', ...none, head };
    await sleep(pauseMs);
  }

  const written = { ...none };
  for await (const page of readEvents(trx, previous?.to_id ?? '0', last, batch)) {
    const hash = new EventsHash();
    for (const event of page) hash.add(event);
    previous = await writeSeal(trx, previous, page.at(-1)?.id ?? last, hash);
    written.seals += 1;
    written.events += page.length;
  }
  return { result: 'sealed', ...written, head: previous?.hash ?? null };
}

async function sequenceName(trx: Knex.Transaction): Promise<string> {
  const { rows } = await trx.raw<{ rows: { name: string }[] }>(
    `select pg_get_serial_sequence('audit_events', 'id') as name`,
  );
  return rows[0]?.name ?? 'audit_events_id_seq';
}

async function writeSeal(
  trx: Knex.Transaction,
  previous: SealRow | null,
  toId: string,
  hash: EventsHash,
): Promise<SealRow> {
  const { rows } = await trx.raw<{ rows: { now: string }[] }>(
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
  );
  const seal = {
    id: String(BigInt(previous?.id ?? 0) + 1n),
    from_id: previous?.to_id ?? '0',
    to_id: toId,
    events: String(hash.events),
    events_hash: hash.digest(),
    previous_hash: previous?.hash ?? genesis,
    sealed_at: rows[0]?.now ?? '',
  };
  const sealed = { ...seal, hash: hashSeal(seal) };
  await trx('audit_seals').insert(sealed);
  return sealed;
}
