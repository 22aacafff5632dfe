import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { ErpConnection } from '../../connectors/connector.ts';
import { recordEvents } from '../audit/record.ts';
import { type ConnectionPool, releasedApart } from '../connections/open.ts';
import { loadRoutes } from '../connections/routes.ts';
import type { DocumentKind, ErpDocument } from '../domain/document.ts';
import { solvedAsGone } from '../domain/exceptions.ts';
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
  /** When it is due again unless it is done; earlier in the row: it was wanted again meanwhile. */
  due: string;
}

const longestWaitMs = 10 * 60_000;
/** Asked for together where the ERP can. */
const togetherMost = 100;
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
    const checks = await take(db, connectionId, Object.keys(erp.getMany ?? {}));
    const [first] = checks;
    if (!first) return;
    try {
      const found = await readNow(erp, checks, signal);
      const scope = {
        ...{ installationId: row.installation_id, connectionId, readFrom: first.began },
        releasedApart: releasedApart(connector),
      };
      await db.transaction(async (trx) => {
        const there = found.flatMap(({ now }) => now ?? []);
        const gone = found.flatMap(({ check, now }) => (now ? [] : check));
        await lockInOrder(trx, connectionId, checks);
        const ends = first.kind === 'exception' ? await endedWithRecord(trx, connectionId, gone) : [];
        const routes = await loadRoutes(trx, connectionId);
        await storeDocuments(trx, { ...scope, routes }, [...there, ...ends]);
        if (first.kind !== 'exception') await markGone(trx, row.installation_id, connectionId, gone);
        await finish(trx, connectionId, checks);
      });
    } catch (error) {
      const attempts = Math.max(...checks.map((check) => check.attempts));
      const waitMs = Math.min(longestWaitMs, 2_000 * 2 ** Math.min(attempts, 10));
      await putOff(db, connectionId, checks, signal.aborted ? 0 : waitMs);
      log.log(attempts === 0 ? 'warn' : 'debug', 'documents could not be looked at; they will be', {
        connection: row.name,
        ...{ kind: first.kind, keys: checks.slice(0, 5).map(({ key }) => key), documents: checks.length, attempts },
        problem: error instanceof Error ? error.message : String(error),
      });
      return;
    }
  }
}

async function readNow(
  erp: ErpConnection,
  checks: readonly Check[],
  signal: AbortSignal,
): Promise<Array<{ check: Check; now: ErpDocument | null }>> {
  const [first] = checks;
  if (!first) return [];
  const getMany = erp.getMany?.[first.kind];
  if (!getMany) return [{ check: first, now: await erp.get(first.kind, first.key, signal) }];
  const found = await getMany(
    checks.map(({ key }) => key),
    signal,
  );
  return checks.map((check) => ({ check, now: found.get(check.key) ?? null }));
}

/** Takes the check that is due longest; of kinds that can be asked for together, those that are due next with it. */
async function take(db: Knex, connectionId: string, together: string[]): Promise<Check[]> {
  const { rows } = await db.raw<{ rows: Check[] }>(
    `with first as (
       select kind from document_checks where connection_id = :connectionId and due_at <= clock_timestamp()
       order by due_at limit 1
     ), next as (
       select kind, key from document_checks
       where connection_id = :connectionId and due_at <= clock_timestamp() and kind = (select kind from first)
       order by due_at
       limit (select case when kind = any(:together::text[]) then ${togetherMost} else 1 end from first)
       for update skip locked
     )
     update document_checks c set due_at = clock_timestamp() + :takenFor * interval '1 ms'
     from next where c.connection_id = :connectionId and c.kind = next.kind and c.key = next.key
     returning c.kind, c.key, c.attempts, clock_timestamp()::text as began, c.due_at::text as due`,
    { takenFor: takenForMs, connectionId, together },
  );
  return rows;
}

/** Before anything is stored, and in the order in which pages are: what is gone and what is not are stored one after the other. */
async function lockInOrder(trx: Knex.Transaction, connectionId: string, checks: readonly Check[]): Promise<void> {
  await trx.raw(
    `select id from documents where connection_id = ? and kind = ? and key = any(?::text[]) order by key for no key update`,
    [connectionId, checks[0]?.kind ?? '', checks.map(({ key }) => key)],
  );
}

/** Done, but for those that were wanted again while they were looked at: they are due now. What another has taken is theirs. */
async function finish(trx: Knex.Transaction, connectionId: string, checks: readonly Check[]): Promise<void> {
  const kind = checks[0]?.kind ?? '';
  const keys = checks.map(({ key }) => key);
  await trx.raw(
    `select key from document_checks where connection_id = ? and kind = ? and key = any(?::text[]) order by key for update`,
    [connectionId, kind, keys],
  );
  await trx.raw(
    `with looked_at as (
       select * from unnest(:keys::text[], :dues::timestamptz[]) as l(key, due)
     ), done as (
       delete from document_checks c using looked_at l
       where c.connection_id = :connectionId and c.kind = :kind and c.key = l.key and c.due_at = l.due
     )
     update document_checks c set due_at = clock_timestamp(), attempts = 0 from looked_at l
     where c.connection_id = :connectionId and c.kind = :kind and c.key = l.key and c.due_at < l.due`,
    { connectionId, kind, keys, dues: checks.map(({ due }) => due) } as Knex.ValueDict,
  );
}

async function putOff(db: Knex, connectionId: string, checks: readonly Check[], waitMs: number): Promise<void> {
  await db('document_checks')
    .where({ connection_id: connectionId, kind: checks[0]?.kind })
    .whereIn(
      'key',
      checks.map(({ key }) => key),
    )
    .update({
      attempts: db.raw('attempts + 1'),
      due_at: db.raw(`clock_timestamp() + ? * interval '1 ms'`, [waitMs]),
    });
  await wake(db, 'check-documents', connectionId, waitMs + 50);
}

/** Exceptions end with their records; their threads say so. */
async function endedWithRecord(
  trx: Knex.Transaction,
  connectionId: string,
  gone: readonly Check[],
): Promise<ErpDocument[]> {
  const keys = gone.map(({ key }) => key);
  const known = await trx('documents')
    .where({ connection_id: connectionId, kind: 'exception' })
    .whereIn('key', keys)
    .pluck<ErpDocument[]>('data');
  const at = new Date().toISOString();
  return known.map((exception) => solvedAsGone(exception, at));
}

async function markGone(
  trx: Knex.Transaction,
  installationId: string,
  connectionId: string,
  checks: readonly Check[],
): Promise<void> {
  const gone: Array<{ id: string; key: string; data: ErpDocument }> = await trx('documents')
    .where({ connection_id: connectionId, kind: checks[0]?.kind ?? '', gone_at: null })
    .whereIn(
      'key',
      checks.map(({ key }) => key),
    )
    .update({ gone_at: trx.raw('clock_timestamp()') })
    .returning(['id', 'key', 'data']);
  if (gone.length === 0) return;
  await recordEvents(
    trx,
    gone.map(({ id, key }) => ({
      kind: 'document.gone',
      installationId,
      connectionId,
      documentId: String(id),
      data: { key },
    })),
  );
  await redrawGone(
    trx,
    connectionId,
    gone.map(({ id, data }) => ({ id: String(id), before: data })),
  );
}
