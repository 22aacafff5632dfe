import type { Knex } from 'knex';
import type { Logger } from 'winston';
import { recordEvents } from '../audit/record.ts';
import { type ConnectionPool, releasedApart } from '../connections/open.ts';
import { loadRoutes } from '../connections/routes.ts';
import type { DocumentKind } from '../domain/document.ts';
import { wantChecks } from '../push/receive.ts';
import type { ProcessLease } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';
import { redrawGone } from './gone.ts';
import { storeDocuments } from './store.ts';

interface CheckDeps {
  db: Knex;
  lease: ProcessLease;
  connections: ConnectionPool;
  log: Logger;
}

interface Check {
  kind: DocumentKind;
  key: string;
  attempts: number;
  /** When it was taken, by the database's clock. */
  began: string;
}

const longestWaitMs = 10 * 60_000;
/** Nobody else takes a check for so long; it is looked at again where its process died. */
const takenForMs = 2 * 60_000;

/** Has those of the keys looked at that are still taken to be there; a history of deletions tells of each again and again. */
export async function checkGone(
  trx: Knex.Transaction,
  connectionId: string,
  kind: DocumentKind,
  keys: readonly string[],
): Promise<void> {
  const there = await trx('documents')
    .where({ connection_id: connectionId, kind, gone_at: null })
    .whereIn('key', keys)
    .pluck<string[]>('key');
  await wantChecks(trx, connectionId, kind, there, 0);
}

/**
 * Reads the documents of a connection that have to be looked at one by one: what was reported as gone, and what a
 * comparison found to differ. A document that is gone in the ERP is marked so and its card says it. Reading twice does
 * no harm, so a check is only put off while it runs.
 */
export async function checkDocuments(
  { db, lease, connections, log }: CheckDeps,
  connectionId: string,
  signal: AbortSignal,
): Promise<void> {
  const { row, erp, connector } = await connections.open(connectionId);
  if (row.status === 'paused') return;
  while (!signal.aborted && lease.isGood()) {
    const check = await take(db, connectionId);
    if (!check) return;
    try {
      const now = await erp.get(check.kind, check.key, signal);
      const routes = now ? await loadRoutes(db, connectionId) : [];
      await db.transaction(async (trx) => {
        const scope = {
          installationId: row.installation_id,
          connectionId,
          routes,
          releasedApart: releasedApart(connector),
          readFrom: check.began,
        };
        if (now) await storeDocuments(trx, scope, [now]);
        else await markGone(trx, row.installation_id, connectionId, check);
        await trx('document_checks').where({ connection_id: connectionId, kind: check.kind, key: check.key }).delete();
      });
    } catch (error) {
      const waitMs = Math.min(longestWaitMs, 2_000 * 2 ** Math.min(check.attempts, 10));
      await putOff(db, connectionId, check, signal.aborted ? 0 : waitMs);
      log.log(check.attempts === 0 ? 'warn' : 'debug', 'a document could not be looked at; it will be', {
        connection: row.name,
        ...check,
        problem: error instanceof Error ? error.message : String(error),
      });
      return;
    }
  }
}

async function take(db: Knex, connectionId: string): Promise<Check | undefined> {
  const { rows } = await db.raw<{ rows: Check[] }>(
    `update document_checks c set due_at = clock_timestamp() + ? * interval '1 ms'
     from (select kind, key from document_checks where connection_id = ? and due_at <= clock_timestamp()
           order by due_at limit 1 for update skip locked) as next
     where c.connection_id = ? and c.kind = next.kind and c.key = next.key
     returning c.kind, c.key, c.attempts, clock_timestamp()::text as began`,
    [takenForMs, connectionId, connectionId],
  );
  return rows[0];
}

async function putOff(db: Knex, connectionId: string, { kind, key }: Check, waitMs: number): Promise<void> {
  await db('document_checks')
    .where({ connection_id: connectionId, kind, key })
    .update({
      attempts: db.raw('attempts + 1'),
      due_at: db.raw(`clock_timestamp() + ? * interval '1 ms'`, [waitMs]),
    });
  await wake(db, 'check-documents', connectionId, waitMs + 50);
}

async function markGone(
  trx: Knex.Transaction,
  installationId: string,
  connectionId: string,
  { kind, key }: Check,
): Promise<void> {
  const [gone] = await trx('documents')
    .where({ connection_id: connectionId, kind, key, gone_at: null })
    .update({ gone_at: trx.raw('clock_timestamp()') })
    .returning(['id', 'data']);
  if (!gone) return;
  await recordEvents(trx, [
    { kind: 'document.gone', installationId, connectionId, documentId: String(gone.id), data: { key } },
  ]);
  await redrawGone(trx, connectionId, { id: String(gone.id), before: gone.data });
}
