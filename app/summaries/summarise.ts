import type { Knex } from 'knex';
import type { Logger } from 'winston';
import { markBroken, markWorking, scopeOf } from '../connections/health.ts';
import type { ConnectionPool, ConnectionRow } from '../connections/open.ts';
import { RetryableError } from '../domain/errors.ts';
import { noteForAdmins } from '../home/changes.ts';
import { leaseIsFree, type ProcessLease } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';
import { makeSummary, type Run } from './make.ts';
import { refreshPeriods } from './periods.ts';
import { periodsAreOld, planSummaries } from './plan.ts';
import { mayBeTried, needsPerson, waitAfter } from './retries.ts';

export interface SummariseDeps {
  db: Knex;
  lease: ProcessLease;
  connections: ConnectionPool;
  log: Logger;
}

interface FeedRow {
  id: string;
  connection_id: string;
  cadence: string;
  attempts: number;
  next_attempt_at: Date | null;
}

/** Whoever asked looks at the screen: what takes longer than these tries is told to them, and not made any more. */
const askedAttempts = 4;
const askedWaitMs = 20_000;

/**
 * Does what is to be done about a connection's summaries: its calendar, the instants of its schedule, and the summary that
 * is due or was asked for. One process at a time; any number may try, at any time.
 */
export async function summarise(deps: SummariseDeps, feedId: string, signal: AbortSignal): Promise<void> {
  const { db, lease, connections, log } = deps;
  const feed = await claimFeed(deps, feedId);
  if (!feed) return;
  try {
    let opened = await openQuietly(deps, feed);
    if (opened && (await periodsAreOld(db, feed.connection_id))) {
      await refreshPeriods({ db, log }, opened.row, opened.erp, signal);
      opened = await openQuietly(deps, feed);
    }
    const timeZone =
      opened?.row.time_zone ?? (await db('connections').where({ id: feed.connection_id }).first()).time_zone;
    await planSummaries(db, { feedId: feed.id, connectionId: feed.connection_id, cadence: feed.cadence, timeZone });
    const run = await nextRun(db, feed);
    if (!run) return;
    // As it was when the making began: what was corrected since is not marked for what was wrong before.
    let asOpened = await db<ConnectionRow>('connections').where({ id: feed.connection_id }).first();
    try {
      const connection = await connections.open(feed.connection_id);
      asOpened = connection.row;
      await makeSummary({ db, lease, log }, feed, run, connection, signal);
      await worked(db, feed, connection.row);
    } catch (error) {
      await failed(deps, feed, run, asOpened, error, signal);
    }
  } finally {
    await release(db, lease, feed.id);
  }
}

async function claimFeed({ db, lease }: SummariseDeps, feedId: string): Promise<FeedRow | undefined> {
  const result = await db.raw<{ rows: FeedRow[] }>(
    `update feeds set lease_owner = ?
     where id = ? and kind = 'summary' and ${leaseIsFree('lease_owner')}
       and exists (select 1 from connections c join installations i on i.id = c.installation_id
                   where c.id = feeds.connection_id and c.status <> 'paused' and i.state = 'active')
     returning id, connection_id, cadence, attempts, next_attempt_at`,
    [lease.id, feedId],
  );
  return result.rows[0];
}

/** What cannot even be opened keeps no instant from being dealt with: the making says what is wrong. */
async function openQuietly({ connections }: SummariseDeps, feed: FeedRow) {
  return connections.open(feed.connection_id).catch(() => undefined);
}

/** The open making, unless it waits after an error; somebody's asking does not wait. */
async function nextRun(db: Knex, feed: FeedRow): Promise<Run | undefined> {
  const { rows } = await db.raw<{ rows: Run[] }>(
    `update summary_runs r set attempts = r.attempts + 1 from feeds f, connections n
     where r.feed_id = :feed and r.state = 'open' and f.id = r.feed_id and n.id = f.connection_id and ${mayBeTried}
     returning r.id, r.key, r.due_at as "dueAt", r.scheduled, r.attempts`,
    { feed: feed.id },
  );
  if (rows.length > 0) await db('feeds').where({ id: feed.id }).update({ last_started_at: db.fn.now() });
  return rows[0];
}

async function worked(db: Knex, feed: FeedRow, connection: ConnectionRow): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('feeds')
      .where({ id: feed.id })
      .update({
        ...{ attempts: 0, next_attempt_at: null, last_error: null, problem_scope: null },
        last_read_at: trx.fn.now(),
      });
    await noteForAdmins(trx, feed.connection_id);
    const others = trx('feeds').where({ connection_id: feed.connection_id, problem_scope: 'connection' });
    if (connection.status === 'broken' && !(await others.whereNot({ id: feed.id }).first('id')))
      await markWorking(trx, connection);
  });
}

/** It is tried again by itself where the calendar wants it; where only a person did, they are told why there is none. */
async function failed(
  deps: SummariseDeps,
  feed: FeedRow,
  run: Run,
  connection: ConnectionRow | undefined,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const { db, log } = deps;
  const problem = error instanceof Error ? error : new Error(String(error));
  const asked = problem instanceof RetryableError ? (problem.retryAfterMs ?? 0) : 0;
  const isTheirs = needsPerson(problem);
  const waitMs = waitAfter(problem, run.attempts);
  const expected = isTheirs || problem instanceof RetryableError;
  log.log(run.attempts === 1 ? 'warn' : 'debug', 'summary not made', {
    feed: feed.id,
    problem: problem.message,
    attempts: run.attempts,
    ...(expected ? {} : { error: problem }),
  });
  const givesUp = !run.scheduled && (isTheirs || run.attempts >= askedAttempts || asked > askedWaitMs);
  const told = expected ? problem.message : 'Something in the app went wrong; its log says what.';
  await db.transaction(async (trx) => {
    // The feed's row first, as those who ask do.
    await trx('feeds')
      .where({ id: feed.id })
      .update({
        attempts: givesUp ? 0 : run.attempts,
        last_error: told,
        problem_scope: isTheirs ? scopeOf(problem) : null,
        next_attempt_at: givesUp ? null : trx.raw(`clock_timestamp() + ? * interval '1 ms'`, [waitMs]),
      });
    if (givesUp) {
      await trx('summary_runs')
        .where({ id: run.id, state: 'open' })
        .update({ state: 'failed', message: told, finished_at: trx.raw('clock_timestamp()') });
      await wake(trx, 'tell', `summary/${run.id}`);
    }
    if (givesUp || run.attempts === 1) await noteForAdmins(trx, feed.connection_id);
    if (!givesUp) await wake(trx, 'summarise', feed.id, waitMs);
  });
  if (isTheirs && connection) await markBroken(db, connection, problem, 'summary');
}

/** Lets others at it. What was asked for while this process was at its end is looked at again. */
async function release(db: Knex, lease: ProcessLease, feedId: string): Promise<void> {
  await db('feeds').where({ id: feedId, lease_owner: lease.id }).update({ lease_owner: null });
  const open = await db('summary_runs as r')
    .join('feeds as f', 'f.id', 'r.feed_id')
    .where({ 'r.feed_id': feedId, 'r.state': 'open' })
    .join('connections as n', 'n.id', 'f.connection_id')
    .whereRaw(mayBeTried)
    .first('r.id');
  if (open) await wake(db, 'summarise', feedId);
}
