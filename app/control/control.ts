import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import { recordEvents } from '../audit/record.ts';
import type { ConnectionPool, OpenConnection } from '../connections/open.ts';
import { NextStepError, PermanentError, ReconnectError, RetryableError } from '../domain/errors.ts';
import type { ProcessLease } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';
import { compareListed, isReadSince } from './compare.ts';
import { beginWhereDue } from './due.ts';
import { listKinds, nameKinds } from './list.ts';
import { askAgain, dropHarmless, repairsLeft, wantRepairs } from './repair.ts';
import { countControl } from './result.ts';
import { claimRun, giveBack, insist, moveOn, type Run } from './run.ts';
import { wakeNotices } from './tell.ts';

export interface ControlDeps {
  db: Knex;
  lease: ProcessLease;
  connections: ConnectionPool;
  log: Logger;
}

/** So long it waits by itself; longer, and the database wakes it. */
const shortMs = 1_000;
const longestWaitMs = 10 * 60_000;
/** Tries of one step until the comparison is given up: some hours. */
const triesMost = 20;
/** How long the feeds may need to be read after the list. */
const settleMostMs = 3_600_000;
/** How long reading one by one may need: a hundred thousand documents at five a second. */
const repairMostMs = 6 * 3_600_000;

/** What comes next: at once, or after a while. */
type Next = { waitMs: number } | 'go on' | 'done';

/**
 * The `compare` task: begins the nightly comparison of a connection where it is due and carries on the one that is open,
 * step by step. Each step's outcome is a row, so it goes on after any interruption: list what the ERP has, wait until the
 * feeds were read since, compare, have what differs read one by one, and once more for the kinds that differed.
 */
export async function compareConnection(deps: ControlDeps, connectionId: string, signal: AbortSignal): Promise<void> {
  const { db, lease, connections } = deps;
  await beginWhereDue(db, connectionId);
  for (;;) {
    const run = await claimRun(db, connectionId, lease.id);
    if (!run) return;
    let next: Next;
    try {
      next = await takeStep(deps, run, await connections.open(connectionId), signal);
    } catch (error) {
      return insist(() => postpone(deps, run, error, signal), signal);
    }
    if (next === 'done') return;
    const waitMs = next === 'go on' ? 0 : next.waitMs;
    if (waitMs > 0 && waitMs <= shortMs) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    if (waitMs > shortMs || signal.aborted) return insist(() => giveBack(db, run, lease.id, waitMs), signal);
  }
}

async function takeStep(deps: ControlDeps, run: Run, { erp, row }: OpenConnection, signal: AbortSignal): Promise<Next> {
  const { db, lease } = deps;
  switch (run.state) {
    case 'listing':
      if (!erp.control) return leaveOut(deps, run);
      if (run.round === 1) await nameKinds(db, run);
      await listKinds({ db, lease }, run, erp.control, signal);
      await db.transaction((trx) => moveOn(trx, run, lease.id, { state: 'settling' }));
      return 'go on';
    case 'settling':
      if (await isReadSince(db, run)) return compare(deps, run, row.name);
      if (run.inStateMs < settleMostMs) return { waitMs: patience(run.inStateMs) };
      return fail(deps, run, 'What changed meanwhile could not be read for an hour.');
    case 'repairing':
      if ((await repairsLeft(db, run)) > 0 && run.inStateMs < repairMostMs) {
        await wake(db, 'check-documents', run.connectionId);
        return { waitMs: patience(run.inStateMs) };
      }
      await db.transaction(async (trx) => {
        await askAgain(trx, run);
        await moveOn(trx, run, lease.id, { state: 'listing', round: run.round + 1 });
      });
      return 'go on';
  }
}

const unexpected = 'Something went wrong in the app again and again; its log says what. It compares again tonight.';

/** Soon at first, then ever less often: a tenth of the time that it has taken so far. */
const patience = (inStateMs: number) => Math.min(10_000, Math.max(200, inStateMs / 10));

/** This ERP gives no list to compare with. Nobody asked, so nobody needs to know. */
async function leaveOut(deps: ControlDeps, run: Run): Promise<Next> {
  if (run.askedBy !== null) return fail(deps, run, 'This ERP gives no list of its documents to compare with.');
  await deps.db('control_runs').where({ id: run.id, lease_owner: deps.lease.id }).delete();
  return 'done';
}

async function compare({ db, lease, log }: ControlDeps, run: Run, connection: string): Promise<Next> {
  return db.transaction(async (trx): Promise<Next> => {
    const differing = await compareListed(trx, run);
    if (run.round === 1 && differing > 0) {
      await wantRepairs(trx, run);
      await moveOn(trx, run, lease.id, { state: 'repairing' });
      return 'go on';
    }
    await dropHarmless(trx, run);
    const counts = await countControl(trx, run.id);
    await moveOn(trx, run, lease.id, { state: 'done' });
    const { installationId, connectionId, askedBy } = run;
    const kind = counts.differed > 0 ? 'connection.differed' : 'connection.compared';
    await recordEvents(trx, [{ kind, installationId, connectionId, actor: askedBy, data: { ...counts } }]);
    if (counts.differed > 0) await wakeNotices(trx, run.id);
    log.log(counts.differed > 0 ? 'warn' : 'info', 'compared with the ERP', { connection, ...counts });
    return 'done';
  });
}

async function fail({ db, lease, log }: ControlDeps, run: Run, problem: string): Promise<Next> {
  await db.transaction(async (trx) => {
    await moveOn(trx, run, lease.id, { state: 'failed', problem });
    const { installationId, connectionId, askedBy } = run;
    await recordEvents(trx, [
      { kind: 'connection.not_compared', installationId, connectionId, actor: askedBy, data: { problem } },
    ]);
  });
  log.warn('not compared with the ERP', { connectionId: run.connectionId, problem });
  return 'done';
}

/** Nothing is lost by an interruption: the step is taken again. What a person has to put right the reading tells of. */
async function postpone(deps: ControlDeps, run: Run, error: unknown, signal: AbortSignal): Promise<void> {
  const known = error instanceof Error ? error : new Error(String(error));
  const { db, lease, log } = deps;
  if (signal.aborted) return giveBack(db, run, lease.id, 0);
  const needsPerson = known instanceof ReconnectError || known instanceof PermanentError;
  if (needsPerson || run.attempts >= triesMost) {
    // What else is thrown is written for developers: a statement, a stack.
    const isForPeople = known instanceof NextStepError;
    if (!isForPeople) log.error('comparing failed', { connectionId: run.connectionId, error: known });
    return void (await fail(deps, run, isForPeople ? known.message : unexpected));
  }
  const asked = known instanceof RetryableError ? (known.retryAfterMs ?? 0) : 0;
  const waitMs = Math.max(asked, Math.min(longestWaitMs, 1_000 * 2 ** Math.min(run.attempts, 10)));
  await giveBack(db, run, lease.id, waitMs, known.message);
  log.log(run.attempts === 0 ? 'warn' : 'debug', 'comparing was interrupted; it goes on', {
    connectionId: run.connectionId,
    problem: known.message,
    attempts: run.attempts + 1,
  });
}
