import type { Knex } from 'knex';
import { leaseIsFree } from '../queue/lease.ts';
import { wake, wakeSql } from '../queue/wake.ts';

/** People are matched once a day, when somebody asks, and when the connection or the installation was set up anew. */
const isDue = `(r.matched_at is null or r.matched_at < r.wanted_at or r.matched_at < clock_timestamp() - interval '1 day'
  or r.matched_at < n.updated_at or r.matched_at < i.installed_at)
  and (r.next_attempt_at is null or r.next_attempt_at <= clock_timestamp()) and ${leaseIsFree('r.lease_owner')}`;
const isRead = `n.status = 'active' and i.state = 'active'`;

/** Wakes whoever matches the people of connections that are due. */
export async function wakeMatching(db: Knex): Promise<void> {
  await db.raw(
    `select ${wakeSql('match-people', 'n.id')} from connections n
     join installations i on i.id = n.installation_id left join people_runs r on r.connection_id = n.id
     where ${isRead} and (r.connection_id is null or (${isDue}))`,
  );
}

/** Somebody wants the people of this connection matched now. */
export async function wantMatching(db: Knex, connectionId: string): Promise<void> {
  await db.raw(
    `insert into people_runs (connection_id, wanted_at) values (:connectionId, clock_timestamp())
     on conflict (connection_id) do update set wanted_at = clock_timestamp(), attempts = 0, next_attempt_at = null`,
    { connectionId },
  );
  await wake(db, 'match-people', connectionId);
}

/** A matching that this process is about to do. */
export interface Run {
  connectionId: string;
  installationId: string;
  attempts: number;
  startedAt: Date;
  /** Whether the app may see the e-mail addresses of Slack's people. */
  seesEmails: boolean;
}

/** Takes the matching of a connection, if it is due and nobody else is at it. */
export async function claimRun(db: Knex, connectionId: string, owner: string): Promise<Run | undefined> {
  await db.raw(
    `insert into people_runs (connection_id) select id from connections where id = ? on conflict (connection_id) do nothing`,
    [connectionId],
  );
  const { rows } = await db.raw<{ rows: Run[] }>(
    `update people_runs r set lease_owner = :owner, started_at = clock_timestamp()
     from connections n, installations i
     where r.connection_id = :connectionId and n.id = r.connection_id and i.id = n.installation_id and ${isRead} and ${isDue}
     returning r.connection_id as "connectionId", i.id as "installationId", r.attempts, r.started_at as "startedAt",
       'users:read.email' = any(i.scopes) as "seesEmails"`,
    { connectionId, owner },
  );
  return rows[0];
}

/** It is done, as far as it could be: `problem` says what of the ERP's people could not be read. */
export async function endRun(
  db: Knex,
  run: Run,
  owner: string,
  { offered, problem }: { offered: boolean; problem: string | null },
): Promise<void> {
  await db('people_runs')
    .where({ connection_id: run.connectionId, lease_owner: owner })
    .update({
      lease_owner: null,
      attempts: 0,
      next_attempt_at: null,
      offered,
      last_error: problem,
      matched_at: db.ref('started_at'),
    });
}

/** Not done: to be tried again after `waitMs`, 0 where it was only interrupted. */
export async function postponeRun(db: Knex, run: Run, owner: string, waitMs: number, problem: string): Promise<void> {
  const given = await db('people_runs')
    .where({ connection_id: run.connectionId, lease_owner: owner })
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
  if (given > 0) await wake(db, 'match-people', run.connectionId, waitMs);
}
