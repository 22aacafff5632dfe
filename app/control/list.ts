import type { Knex } from 'knex';
import type { ControlRow, ErpConnection } from '../../connectors/connector.ts';
import type { DocumentKind } from '../domain/document.ts';
import { PermanentError, ReconnectError, RetryableError } from '../domain/errors.ts';
import type { ProcessLease } from '../queue/lease.ts';
import type { Run } from './run.ts';

/**
 * What is listed: every kind whose feed was read to its end at least once. Exceptions are told whole by each reading, and
 * summaries are made here: both are in no list.
 */
export async function nameKinds(db: Knex, run: Run): Promise<void> {
  await db.raw(
    `insert into control_kinds (run_id, kind)
     select ?, kind from feeds
     where connection_id = ? and kind not in ('exception', 'summary') and last_read_at is not null
     on conflict do nothing`,
    [run.id, run.connectionId],
  );
}

/**
 * Brings the ERP's documents of each kind that is still to be listed into rows. A kind is listed from its start again
 * when it was interrupted. One that the ERP refuses is left out and says why.
 */
export async function listKinds(
  { db, lease }: { db: Knex; lease: ProcessLease },
  run: Run,
  control: NonNullable<ErpConnection['control']>,
  signal: AbortSignal,
): Promise<void> {
  const kinds: Array<{ kind: DocumentKind }> = await db('control_kinds')
    .where({ run_id: run.id, listed_at: null, problem: null })
    .orderBy('kind')
    .select('kind');
  for (const { kind } of kinds) {
    const here = { run_id: run.id, kind };
    await db('control_rows').where(here).delete();
    await db('control_kinds')
      .where(here)
      .update({ listed_from: db.raw('clock_timestamp()') });
    try {
      for await (const page of control(kind, await oldest(db, run.connectionId, kind), signal)) {
        if (!lease.isGood()) throw new RetryableError('Another process may have taken over comparing.');
        await keep(db, run.id, kind, page);
      }
    } catch (error) {
      if (!isRefusalOfKind(error)) throw error;
      await db('control_kinds').where(here).update({ problem: error.message });
      continue;
    }
    await db('control_kinds')
      .where(here)
      .update({ listed_at: db.raw('clock_timestamp()') });
  }
}

function isRefusalOfKind(error: unknown): error is Error {
  return error instanceof ReconnectError ? error.scope === 'kind' : error instanceof PermanentError;
}

/** By the ERP's clock: nothing that is stored was changed before. */
async function oldest(db: Knex, connectionId: string, kind: DocumentKind): Promise<string | null> {
  const row = await db('documents')
    .where({ connection_id: connectionId, kind, gone_at: null })
    .min({ at: 'modified_at' })
    .first();
  return row?.at?.toISOString() ?? null;
}

/** What comes twice is kept as it came last. */
async function keep(db: Knex, runId: string, kind: DocumentKind, page: readonly ControlRow[]): Promise<void> {
  const rows = new Map(
    page.map(({ key, type, reference, values, modifiedAt }) => [
      key,
      {
        ...{ key, type, reference, told: values !== null, modified_at: modifiedAt },
        ...{ status: values?.status, branch: values?.branch },
        ...{ amount: values?.amount?.value, currency: values?.amount?.currency },
      },
    ]),
  );
  await db.raw(
    `insert into control_rows (run_id, kind, key, type, reference, told, status, amount, currency, branch, modified_at)
     select ?, ?, key, type, reference, told, status, amount, currency, branch, modified_at
     from jsonb_to_recordset(?::jsonb) as r(key text, type text, reference text, told boolean, status text,
       amount numeric, currency text, branch text, modified_at timestamptz)
     on conflict (run_id, kind, key) do update set told = excluded.told, status = excluded.status, amount = excluded.amount,
       currency = excluded.currency, branch = excluded.branch, modified_at = excluded.modified_at`,
    [runId, kind, JSON.stringify([...rows.values()])],
  );
}
