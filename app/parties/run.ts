import type { Knex } from 'knex';
import { leaseIsFree } from '../queue/lease.ts';
import { wake, wakeSql } from '../queue/wake.ts';

/** Vendors that changed are read every hour; all of them four times a day, should an ERP's own stamp not tell of all. */
const every = { changed: '1 hour', whole: '6 hours' };

const isDue = `(r.read_at is null or r.read_at < clock_timestamp() - interval '${every.changed}' or r.read_at < n.updated_at)
  and (r.next_attempt_at is null or r.next_attempt_at <= clock_timestamp()) and ${leaseIsFree('r.lease_owner')}`;
const isRead = `n.status = 'active' and i.state = 'active'`;

/** Wakes whoever reads the vendors of connections that are due. */
export async function wakePartyReadings(db: Knex): Promise<void> {
  await db.raw(
    `select ${wakeSql('read-parties', 'n.id')} from connections n
     join installations i on i.id = n.installation_id left join party_readings r on r.id = n.id
     where ${isRead} and (r.id is null or (${isDue}))`,
  );
}

/** A reading of vendors that this process is about to do. */
export interface Run {
  connectionId: string;
  installationId: string;
  attempts: number;
  /** Milliseconds since the epoch; null: every vendor is read. */
  since: number | null;
}

/** Earlier than what was read last, for clocks that differ and changes that were being saved. */
const overlapMs = 20 * 60_000;

/** Takes the reading of a connection whose row is there, if it is due and nobody else is at it. */
export async function claimRun(db: Knex, connectionId: string, owner: string): Promise<Run | undefined> {
  const { rows } = await db.raw<{ rows: Array<Omit<Run, 'since'> & { readAt: Date | null; whole: boolean }> }>(
    `update party_readings r set lease_owner = :owner, started_at = clock_timestamp()
     from connections n, installations i
     where r.id = :connectionId and n.id = r.id and i.id = n.installation_id and ${isRead} and ${isDue}
     returning r.id as "connectionId", i.id as "installationId", r.attempts, r.read_at as "readAt",
       r.read_whole_at is null or r.read_whole_at < clock_timestamp() - interval '${every.whole}' or r.read_whole_at < n.updated_at as whole`,
    { connectionId, owner },
  );
  const [row] = rows;
  if (!row) return undefined;
  const { readAt, whole, ...run } = row;
  return { ...run, since: whole || readAt === null ? null : readAt.getTime() - overlapMs };
}

export async function endRun(db: Knex, run: Run, owner: string): Promise<void> {
  await db('party_readings')
    .where({ id: run.connectionId, lease_owner: owner })
    .update({
      lease_owner: null,
      attempts: 0,
      next_attempt_at: null,
      last_error: null,
      read_at: db.ref('started_at'),
      ...(run.since === null ? { read_whole_at: db.ref('started_at') } : {}),
    });
}

/** Not done: to be tried again after `waitMs`, 0 where it was only interrupted. */
export async function postponeRun(db: Knex, run: Run, owner: string, waitMs: number, problem: string): Promise<void> {
  const given = await db('party_readings')
    .where({ id: run.connectionId, lease_owner: owner })
    .update(
      waitMs === 0
        ? { lease_owner: null }
        : {
            lease_owner: null,
            attempts: run.attempts + 1,
            last_error: problem,
            next_attempt_at: db.raw(`clock_timestamp() + ? * interval '1 ms'`, [waitMs]),
          },
    );
  if (given > 0) await wake(db, 'read-parties', run.connectionId, waitMs);
}
