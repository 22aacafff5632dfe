import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import { holdProcessLease, type ProcessLease } from '../../app/queue/lease.ts';

/** This process as the others of the app know it. */
export function joinProcesses(db: Knex, log: Logger): Promise<ProcessLease> {
  return holdProcessLease(db, {
    id: randomUUID(),
    host: 'bench',
    pid: process.pid,
    leaseMs: 15_000,
    figures: () => ({}),
    onDeath: () => undefined,
    onError: (error) => log.error('heartbeat missed', { error }),
  });
}
