import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { RetryableError } from '../domain/errors.ts';
import { leaseIsFree } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';

/** A comparison that this process works on. */
export interface Run {
  id: string;
  connectionId: string;
  installationId: string;
  askedBy: string | null;
  state: 'listing' | 'settling' | 'repairing';
  round: number;
  attempts: number;
  /** How long it has been in that state. */
  inStateMs: number;
}

/** Takes the open comparison of a connection that is read, unless another process is at it or it waits for its time. */
export async function claimRun(db: Knex, connectionId: string, owner: string): Promise<Run | undefined> {
  const { rows } = await db.raw<{ rows: Run[] }>(
    `update control_runs r set lease_owner = :owner
     from connections n join installations i on i.id = n.installation_id and i.state = 'active'
     where r.connection_id = :connectionId and r.finished_at is null and n.id = r.connection_id and n.status = 'active'
       and (r.next_attempt_at is null or r.next_attempt_at <= clock_timestamp())
       and (r.lease_owner = :owner or ${leaseIsFree('r.lease_owner')})
     returning r.id::text as id, r.connection_id as "connectionId", i.id as "installationId", r.asked_by as "askedBy",
       r.state, r.round, r.attempts, (extract(epoch from clock_timestamp() - r.state_since) * 1000)::float8 as "inStateMs"`,
    { connectionId, owner },
  );
  return rows[0];
}

/** Goes over to another state, in the caller's transaction. Throws where another process has taken over. */
export async function moveOn(
  trx: Knex,
  run: Run,
  owner: string,
  to: { state: Run['state'] | 'done' | 'failed'; round?: number; problem?: string | null },
): Promise<void> {
  const isEnd = to.state === 'done' || to.state === 'failed';
  const moved = await trx('control_runs')
    .where({ id: run.id, lease_owner: owner, state: run.state, round: run.round })
    .update({
      ...{ state: to.state, state_since: trx.raw('clock_timestamp()'), attempts: 0, problem: to.problem ?? null },
      ...{ next_attempt_at: null, round: to.round ?? run.round },
      ...(isEnd ? { finished_at: trx.raw('clock_timestamp()'), lease_owner: null } : {}),
    });
  if (moved === 0) throw new RetryableError('Another process took over comparing.');
  if (isEnd) await trx('control_rows').where({ run_id: run.id }).delete();
}

/** Gives it back, to go on after `waitMs`; with `problem` it was tried in vain. */
export async function giveBack(
  db: Knex,
  run: Run,
  owner: string,
  waitMs: number,
  problem: string | null = null,
): Promise<void> {
  const given = await db('control_runs')
    .where({ id: run.id, lease_owner: owner })
    .update({
      lease_owner: null,
      next_attempt_at: db.raw(`clock_timestamp() + ? * interval '1 ms'`, [waitMs]),
      ...(problem === null ? {} : { attempts: db.raw('attempts + 1'), problem }),
    });
  if (given > 0) await wake(db, 'compare', run.connectionId, waitMs + 50);
}

/** Does it as soon as the database is there again: what this process holds nobody else takes while it lives. */
export async function insist(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let waitMs = 250; ; waitMs = Math.min(5_000, waitMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
