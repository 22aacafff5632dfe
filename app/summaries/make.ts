import type { Knex } from 'knex';
import type { Logger } from 'winston';
import { recordEvents } from '../audit/record.ts';
import type { OpenConnection } from '../connections/open.ts';
import { loadRoutes } from '../connections/routes.ts';
import { storeDocuments } from '../documents/store.ts';
import { parseSchedule, periodAt } from '../domain/close-schedule.ts';
import type { Summary } from '../domain/document.ts';
import { PermanentError, RetryableError } from '../domain/errors.ts';
import type { ReportingPeriod } from '../domain/periods.ts';
import { summaryDocument } from '../domain/summary.ts';
import type { ProcessLease } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';
import { loadPeriods } from './plan.ts';

/** One making of a summary, as its row has it. */
export interface Run {
  id: string;
  key: string;
  dueAt: Date;
  scheduled: boolean;
  attempts: number;
}

/**
 * Reads the ledger once and stores what it says as a document, with the cards that it calls for, in one transaction with
 * the end of the run: a crash before it makes the summary anew, and none twice.
 */
export async function makeSummary(
  { db, lease, log }: { db: Knex; lease: ProcessLease; log: Logger },
  feed: { id: string; cadence: string },
  run: Run,
  { row: connection, erp, connector }: OpenConnection,
  signal: AbortSignal,
): Promise<void> {
  if (!erp.postings) throw new PermanentError('no_summaries', `${connector.title} gives no summaries of its ledger.`);
  const { period, closing } = await periodOfRun(db, feed.cadence, connection, run);
  const postings = await erp.postings(period, signal);
  const at = new Date();
  await db.transaction(async (trx) => {
    const open = await trx('summary_runs').where({ id: run.id, state: 'open' }).forUpdate().first('asked');
    if (!open) return;
    if (!lease.isGood()) throw new RetryableError('Another process took over making this summary.');
    const previous = await previousSummary(trx, connection.id, period);
    const document = summaryDocument({
      ...{ key: run.key, period, closing, at, postings, previous },
      timeZone: connection.time_zone,
    });
    const routes = await loadRoutes(trx, connection.id);
    const scope = { installationId: connection.installation_id, connectionId: connection.id, routes };
    await storeDocuments(trx, scope, [document]);
    const stored = await trx('documents')
      .where({ connection_id: connection.id, kind: 'summary', key: run.key })
      .first('id');
    await trx('summary_runs')
      .where({ id: run.id })
      .update({ state: 'done', document_id: stored.id, finished_at: trx.raw('clock_timestamp()') });
    await recordEvents(trx, [
      {
        kind: 'summary.made',
        installationId: connection.installation_id,
        connectionId: connection.id,
        documentId: String(stored.id),
        actor: open.asked[0]?.person ?? null,
        data: { period: period.name, entries: document.summary?.entries ?? 0, scheduled: run.scheduled },
      },
    ]);
    if (open.asked.length > 0) await wake(trx, 'tell', `summary/${run.id}`);
  });
  log.info('summary made', { connection: connection.name, period: period.name, run: run.id });
}

async function periodOfRun(
  db: Knex,
  cadence: string,
  connection: { id: string; time_zone: string },
  run: Run,
): Promise<{ period: ReportingPeriod; closing: boolean }> {
  const parsed = parseSchedule(cadence);
  // Asked for by hand where the schedule is not understood: the current period.
  const schedule = 'schedule' in parsed ? parsed.schedule : { cron: cadence };
  const calendar = { periods: await loadPeriods(db, connection.id), timeZone: connection.time_zone };
  return periodAt(schedule, run.dueAt, calendar);
}

/** The last summary of the same period; keys begin with the instant, so they are in order. */
async function previousSummary(
  trx: Knex.Transaction,
  connectionId: string,
  { start, end }: ReportingPeriod,
): Promise<Summary | null> {
  const row = await trx('documents')
    .where({ connection_id: connectionId, kind: 'summary' })
    .whereRaw(`data #>> '{summary,period,start}' = ? and data #>> '{summary,period,end}' = ?`, [start, end])
    .orderBy('key', 'desc')
    .first(trx.raw(`data -> 'summary' as summary`));
  return row?.summary ?? null;
}
