import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { ConnectionPool } from '../connections/open.ts';
import { PermanentError, ReconnectError, RetryableError } from '../domain/errors.ts';
import type { ProcessLease } from '../queue/lease.ts';
import type { Keyring } from '../storage/keyring.ts';
import { claimRun, endRun, postponeRun } from './run.ts';
import { fingerprintOf } from './secret.ts';
import { storeParties } from './store.ts';

export interface PartyDeps {
  db: Knex;
  keyring: Keyring;
  lease: ProcessLease;
  connections: ConnectionPool;
  log: Logger;
}

const longestWaitMs = 3_600_000;
/** A right that is missing is a person's to give; asking for it every minute would be noise in their ERP. */
const refusedWaitMs = 6 * 3_600_000;

/**
 * The `read-parties` task: reads the vendors' payment data and keeps what tells whether they changed. Reading again
 * changes nothing. Where the ERP does not give them to the app's user, cards go without that warning.
 */
export async function readParties(deps: PartyDeps, connectionId: string, signal: AbortSignal): Promise<void> {
  const { db, keyring, lease, connections, log } = deps;
  const { erp, row } = await connections.open(connectionId);
  const fingerprint = await fingerprintOf(db, keyring, connectionId);
  const run = await claimRun(db, connectionId, lease.id);
  if (!run) return;
  try {
    let count = 0;
    for await (const page of erp.parties?.(run.since, signal) ?? []) {
      if (!lease.isGood()) throw new RetryableError('Another process may have taken over reading vendors.');
      await db.transaction((trx) => storeParties(trx, run, page, fingerprint));
      count += page.length;
    }
    await endRun(db, run, lease.id);
    log.debug('vendors read', { connection: row.name, count, whole: run.since === null });
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const asked = known instanceof RetryableError ? (known.retryAfterMs ?? 0) : 0;
    const backoff = isRefusal(known) ? refusedWaitMs : Math.min(longestWaitMs, 5_000 * 2 ** Math.min(run.attempts, 10));
    await postponeRun(db, run, lease.id, signal.aborted ? 0 : Math.max(asked, backoff), known.message);
    if (signal.aborted) return;
    log.log(run.attempts === 0 ? 'warn' : 'debug', 'vendors not read', {
      connection: row.name,
      problem: known.message,
      attempts: run.attempts + 1,
    });
  }
}

/** The ERP does not give this to the app's user. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof ReconnectError) return error.field === 'rights' || error.field === 'endpoint';
  return error instanceof PermanentError;
}
