import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { ErpConnection } from '../../connectors/connector.ts';
import { recordEvents } from '../audit/record.ts';
import type { ConnectionPool } from '../connections/open.ts';
import { PermanentError, ReconnectError, RetryableError } from '../domain/errors.ts';
import { sameEmail } from '../domain/person.ts';
import type { ProcessLease } from '../queue/lease.ts';
import { type Counts, countPeople } from './count.ts';
import type { Directory } from './directory.ts';
import { claimRun, endRun, postponeRun, type Run } from './run.ts';
import { rematch, retireUnseen, storePeople } from './store.ts';

export interface MatchDeps {
  db: Knex;
  lease: ProcessLease;
  connections: ConnectionPool;
  directory: Directory;
  log: Logger;
}

const longestWaitMs = 3_600_000;

/**
 * The `match-people` task: reads whom the ERP knows and finds them in Slack by e-mail, in one pass over the workspace.
 * Doing it twice changes nothing. Where the ERP refuses its people or the app may not see addresses, all that is
 * possible is done and the rest stays as it was.
 */
export async function matchPeople(deps: MatchDeps, connectionId: string, signal: AbortSignal): Promise<void> {
  const { db, lease, connections, log } = deps;
  const run = await claimRun(db, connectionId, lease.id);
  if (!run) return;
  try {
    const { erp, row } = await connections.open(connectionId);
    const before = await countPeople(db, connectionId);
    const problem = erp.people ? await readPeople(deps, run, erp.people(signal)) : null;
    const changed = erp.people && run.seesEmails ? await matchSlack(deps, run, signal) : 0;
    if (!lease.isGood()) throw new RetryableError('Another process may have taken over matching people.');
    await endRun(db, run, lease.id, { offered: erp.people !== undefined, problem });
    const after = await countPeople(db, connectionId);
    if (changed > 0 || !sameCounts(before, after)) await recordRun(db, run, after, changed);
    log.debug('people matched', { connection: row.name, ...after, changed, problem });
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const asked = known instanceof RetryableError ? (known.retryAfterMs ?? 0) : 0;
    const waitMs = signal.aborted
      ? 0
      : Math.max(asked, Math.min(longestWaitMs, 5_000 * 2 ** Math.min(run.attempts, 10)));
    await postponeRun(db, run, lease.id, waitMs, known.message);
    if (!signal.aborted)
      log.warn('people not matched', { connectionId, problem: known.message, attempts: run.attempts });
  }
}

/** Stores everybody. Where the ERP refuses some of them for good, says why; who was read before stays. */
async function readPeople(
  { db }: MatchDeps,
  run: Run,
  pages: ReturnType<NonNullable<ErpConnection['people']>>,
): Promise<string | null> {
  try {
    for await (const page of pages) await storePeople(db, run.connectionId, page);
  } catch (error) {
    if (isRefusal(error)) return error.message;
    throw error;
  }
  await retireUnseen(db, run.connectionId, run.startedAt);
  return null;
}

/** The ERP does not give these people to the app's user: all else goes on, and a person has to change that there. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof ReconnectError) return error.field === 'rights' || error.field === 'endpoint';
  return error instanceof PermanentError;
}

/** Only members count: a guest, a bot or somebody of another company has an address, too. */
async function matchSlack({ db, directory }: MatchDeps, run: Run, signal: AbortSignal): Promise<number> {
  const accounts = new Map<string, string[]>();
  for await (const page of directory.everyone(run.installationId, signal)) {
    for (const { id, email, standing } of page) {
      if (email === null || standing !== 'member') continue;
      const address = sameEmail(email);
      const known = accounts.get(address) ?? [];
      // In an organization the same person comes once for each of their workspaces.
      if (!known.includes(id)) accounts.set(address, [...known, id]);
    }
  }
  return rematch(db, run.connectionId, accounts);
}

function sameCounts(a: Counts, b: Counts): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function recordRun(db: Knex, run: Run, { byEmail, byHand, unmatched }: Counts, changed: number): Promise<void> {
  const { installationId, connectionId } = run;
  const data = { byEmail, byHand, unmatched, changed };
  await recordEvents(db, [{ kind: 'connection.people_matched', installationId, connectionId, data }]);
}
