import type { Knex } from 'knex';
import { leaseIsFree } from '../queue/lease.ts';
import type { Place } from './surface.ts';

/** A lane that this process holds; times are milliseconds from now by the database's clock. */
export interface Lane extends Place {
  id: string;
  wakes: string;
  sendInMs: number;
  attempts: number;
}

export type Claim =
  | { state: 'held'; lane: Lane }
  | { state: 'taken' }
  | { state: 'waiting'; forMs: number }
  | { state: 'idle' };

interface ClaimRow {
  mine: boolean;
  active: boolean;
  wakes: string;
  send_in_ms: number;
  wait_ms: number;
  attempts: number;
  installation_id: string;
  channel: string;
  conversation: string | null;
}

/**
 * Takes the lane, or counts a wake-up for whoever holds it, in one statement: a wake-up that finds the lane taken makes
 * the holder's release fail, so that no row is left behind between its last look and its release.
 */
export async function claimLane(db: Knex, laneId: string, owner: string): Promise<Claim> {
  const result = await db.raw<{ rows: ClaimRow[] }>(
    `update lanes set wakes = wakes + 1, lease_owner = case
        when (lease_owner = :owner or ${leaseIsFree('lease_owner')}) and next_attempt_at <= clock_timestamp() and i.state = 'active'
        then :owner else lease_owner end
      from installations i where lanes.id = :laneId and i.id = lanes.installation_id
      returning coalesce(lease_owner = :owner, false) as mine, i.state = 'active' as active, wakes, attempts, installation_id, channel, conversation,
        ${msFromNow('next_send_at')} as send_in_ms, ${msFromNow('next_attempt_at')} as wait_ms`,
    { laneId, owner },
  );
  const row = result.rows[0];
  if (!row?.active) return { state: 'idle' };
  if (row.wait_ms > 0) return { state: 'waiting', forMs: row.wait_ms };
  if (!row.mine) return { state: 'taken' };
  return {
    state: 'held',
    lane: {
      id: laneId,
      installationId: row.installation_id,
      channel: row.channel,
      conversation: row.conversation,
      wakes: row.wakes,
      sendInMs: row.send_in_ms,
      attempts: row.attempts,
    },
  };
}

function msFromNow(column: string): string {
  return `greatest(0, extract(epoch from (case when ${column} = '-infinity' then clock_timestamp() else ${column} end) - clock_timestamp()) * 1000)::float8`;
}

/** Gives the lane back unless someone woke it since `wakes` was read; then says how many wake-ups there are now. */
export async function releaseLane(db: Knex, lane: Lane, owner: string): Promise<{ released: boolean; wakes: string }> {
  const released = await db('lanes')
    .where({ id: lane.id, lease_owner: owner, wakes: lane.wakes })
    .update({ lease_owner: null });
  if (released > 0) return { released: true, wakes: lane.wakes };
  const row = await db('lanes').where({ id: lane.id, lease_owner: owner }).first('wakes');
  return row ? { released: false, wakes: String(row.wakes) } : { released: true, wakes: lane.wakes };
}

/** Gives the lane back to wait `forMs` after an error. */
export async function parkLane(db: Knex, lane: Lane, owner: string, forMs: number, problem: string): Promise<void> {
  await db('lanes')
    .where({ id: lane.id, lease_owner: owner })
    .update({
      lease_owner: null,
      attempts: db.raw('attempts + 1'),
      last_error: problem,
      next_attempt_at: db.raw(`clock_timestamp() + ? * interval '1 ms'`, [forMs]),
    });
}

/**
 * More new cards of one route than its burst become one digest. Pages of one burst share it: a digest of the last ten
 * minutes takes the newcomers in, and the few of a last page too, which follow the ones before within seconds.
 */
export async function collapseBursts(db: Knex, lane: Lane, owner: string): Promise<void> {
  await db.raw(
    `with waiting as (
       select c.route_id, count(*) > r.burst as is_many from cards c join routes r on r.id = c.route_id
       where c.lane_id = :lane and c.state = 'pending' and c.digest_id is null and c.document_id is not null
         and exists (select 1 from lanes where id = :lane and lease_owner = :owner)
       group by c.route_id, r.burst
     ), latest as (
       select d.route_id, max(d.id) as id from cards d join waiting using (route_id)
       where d.lane_id = :lane and d.document_id is null and d.state <> 'dead' and d.digest is null and d.wanted_at > now() - interval '10 minutes'
       group by d.route_id
     ), crowded as (
       select route_id from waiting where is_many or exists (
         select 1 from latest join lateral (
           select state, wanted_at from cards where digest_id = latest.id order by id desc limit 1
         ) as newest on newest.state = 'digested' and newest.wanted_at > clock_timestamp() - interval '5 seconds'
         where latest.route_id = waiting.route_id)
     ), held as (
       -- Members before their digest, and in the order in which whoever stores a page takes them.
       select c.id, c.route_id from cards c join crowded using (route_id)
       where c.lane_id = :lane and c.state = 'pending' and c.digest_id is null and c.document_id is not null
       order by c.id for no key update of c
     ), filled as (
       select route_id from held group by route_id
     ), recent as (
       update cards set desired_version = desired_version + 1
       where id in (select id from latest join filled using (route_id)) returning id, route_id
     ), made as (
       insert into cards (lane_id, route_id)
       select :lane, route_id from filled where route_id not in (select route_id from recent)
       returning id, route_id
     ), digests as (select * from recent union all select * from made)
     update cards c set state = 'digested', digest_id = d.id from held join digests d using (route_id) where c.id = held.id`,
    { lane: lane.id, owner },
  );
}
