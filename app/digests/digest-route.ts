import type { Knex } from 'knex';
import type { Logger } from 'winston';
import { recordEvents } from '../audit/record.ts';
import type { Gathered } from '../cards/digest-figures.ts';
import { ensureLanes } from '../documents/lanes.ts';
import { nextRunAfter } from '../domain/cadence.ts';
import { wake } from '../queue/wake.ts';

export interface DigestDeps {
  db: Knex;
  log: Logger;
}

/** A tick of a clock that goes before the database's is waited for when it is no further away than this. */
const nearMs = 60_000;

interface RouteRow {
  id: string;
  name: string;
  channel: string;
  cadence: string | null;
  connection_id: string;
  installation_id: string;
  time_zone: string;
  paused: boolean;
}

/**
 * Brings what a route has gathered to where it belongs: at a tick of the route's cadence into one digest, and where the
 * route gathers no more into cards of their own. Any number of processes may ask at once, at any time: the row of the
 * route's ticks is locked, and a tick is dealt with once. A missed tick is due until it is dealt with, many as one.
 */
export async function digestRoute({ db, log }: DigestDeps, routeId: string): Promise<void> {
  await db.transaction(async (trx) => {
    const route = await loadRoute(trx, routeId);
    if (!route) return;
    if (route.cadence === null) return release(trx, route);
    if (route.paused) return;
    const tick = await claimTick(trx, route, route.cadence);
    if (tick.state === 'soon') await wake(trx, 'digest', routeId, tick.inMs + 5);
    if (tick.state !== 'due') return;
    const made = await makeDigest(trx, route, tick.lastAt);
    await trx('route_digests')
      .where({ route_id: route.id })
      .update({ due_at: tick.nextAt, ...(made > 0 ? { last_at: tick.now } : {}) });
    if (made > 0) log.info('digest made', { route: route.name, documents: made });
  });
}

/** A route in force of a workspace that has the app; one that is retired keeps what it gathered until it is taken up again. */
async function loadRoute(trx: Knex.Transaction, routeId: string): Promise<RouteRow | undefined> {
  return trx('routes as r')
    .join('connections as n', 'n.id', 'r.connection_id')
    .join('installations as i', 'i.id', 'n.installation_id')
    .where({ 'r.id': routeId, 'r.retired_at': null, 'i.state': 'active' })
    .first('r.id', 'r.name', 'r.channel', 'r.digest_cadence as cadence', 'r.connection_id', 'n.installation_id')
    .select('n.time_zone', trx.raw(`n.status = 'paused' as paused`));
}

type Tick =
  | { state: 'due'; now: Date; nextAt: Date; lastAt: Date | null }
  | { state: 'soon'; inMs: number }
  | { state: 'later' };

/** Locks the route's ticks. A cadence or time zone that is new starts with its next tick. */
async function claimTick(trx: Knex.Transaction, route: RouteRow, cadence: string): Promise<Tick> {
  const plan = `${cadence} ${route.time_zone}`;
  const { rows } = await trx.raw<{ rows: [{ now: Date }] }>('select clock_timestamp() as now');
  const first = nextRunAfter(cadence, route.time_zone, rows[0].now);
  if (!first) throw new Error(`The cadence of the route ${route.name} is not understood: ${cadence}`);
  await trx('route_digests').insert({ route_id: route.id, plan, due_at: first }).onConflict('route_id').ignore();
  const row = await trx('route_digests')
    .where({ route_id: route.id })
    .forUpdate()
    .first('plan', 'due_at', 'last_at', trx.raw('clock_timestamp() as now'));
  if (row.plan !== plan) {
    await trx('route_digests').where({ route_id: route.id }).update({ plan, due_at: first });
    return { state: 'later' };
  }
  const inMs = row.due_at.getTime() - row.now.getTime();
  if (inMs > 0) return inMs <= nearMs ? { state: 'soon', inMs } : { state: 'later' };
  const nextAt = nextRunAfter(cadence, route.time_zone, row.now) ?? first;
  return { state: 'due', now: row.now, nextAt, lastAt: row.last_at };
}

/** One message for all that the route has gathered; none where that is nothing. Gives how many documents it stands for. */
async function makeDigest(trx: Knex.Transaction, route: RouteRow, lastAt: Date | null): Promise<number> {
  const laneId = await settleInLane(trx, route);
  const gathered = await trx('cards')
    .where({ route_id: route.id, state: 'digested', digest_id: null })
    .orderBy('id')
    .forUpdate()
    .pluck('id');
  if (gathered.length === 0) return 0;
  const digest: Gathered = { since: lastAt?.toISOString() ?? null, changed: await takeChanges(trx, route.id) };
  const [card] = await trx('cards')
    .insert({ lane_id: laneId, route_id: route.id, digest: JSON.stringify(digest) })
    .returning('id');
  await trx.raw('update cards set digest_id = ? where id = any(?)', [card.id, gathered]);
  await recordEvents(trx, [
    {
      kind: 'digest.made',
      installationId: route.installation_id,
      connectionId: route.connection_id,
      cardId: String(card.id),
      data: { route: route.name, documents: gathered.length },
    },
  ]);
  await wake(trx, 'deliver-lane', laneId);
  return gathered.length;
}

/** The route gathers no more: what waits gets cards of its own, at the pace and with the bursts of any others. */
async function release(trx: Knex.Transaction, route: RouteRow): Promise<void> {
  const laneId = await settleInLane(trx, route);
  const released = await trx('cards')
    .where({ route_id: route.id, state: 'digested', digest_id: null })
    .update({ state: 'pending', wanted_at: trx.fn.now() });
  await trx('route_digests').where({ route_id: route.id }).delete();
  if (released > 0) await wake(trx, 'deliver-lane', laneId);
}

/**
 * What was gathered for another channel than the route's is for the route's channel now: nothing of it was shown yet. A
 * document that has a card there already is represented by that one.
 */
async function settleInLane(trx: Knex.Transaction, route: RouteRow): Promise<string> {
  const lanes = await ensureLanes(trx, { installationId: route.installation_id, routes: [route] });
  const laneId = lanes.get(route.channel) ?? '';
  const elsewhere = `c.route_id = :routeId and c.state = 'digested' and c.digest_id is null and c.lane_id <> :laneId`;
  const there = 'o.lane_id = :laneId and o.document_id = c.document_id';
  const names = { routeId: route.id, laneId };
  await trx.raw(`update cards c set digest_id = o.id from cards o where ${elsewhere} and ${there}`, names);
  await trx.raw(`update cards c set lane_id = :laneId where ${elsewhere}`, names);
  return laneId;
}

/** What the documents of the route's earlier digests have become since the last one, counted anew from here on. */
async function takeChanges(trx: Knex.Transaction, routeId: string): Promise<Gathered['changed']> {
  const { rows } = await trx.raw<{ rows: Gathered['changed'] }>(
    `with moved as (
       select c.id, c.document_id, c.status_before from cards c
       where c.route_id = ? and c.status_before is not null order by c.id for no key update
     ), counted as (
       update cards set status_before = null where id in (select id from moved)
     )
     select m.status_before as from, d.status as to, count(*)::int as count
     from moved m join documents d on d.id = m.document_id
     where d.gone_at is null and d.status <> m.status_before
     group by 1, 2 order by 3 desc, 1, 2`,
    [routeId],
  );
  return rows;
}
