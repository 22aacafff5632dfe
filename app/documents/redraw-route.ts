import type { Knex } from 'knex';
import { wake, wakeSql } from '../queue/wake.ts';

/** So many redraws of one route wait at a time: what people decide and what the ERP tells is drawn in between. */
const atOnce = 100;
const nextMs = 5_000;

/**
 * Has the open cards of a route drawn anew where they show it as it was: after an edit of who decides, what they can do,
 * who is named, which fields are shown or as what exceptions are, and after it was retired or taken up again. Goes by what the route says now and
 * how far its cards were asked, a batch at a time, so it may run late, twice or in between.
 */
export async function redrawRoute(db: Knex, routeId: string): Promise<void> {
  const more = await db.transaction((trx) => redrawBatch(trx, routeId));
  if (more) await wake(db, 'redraw-route', routeId, nextMs);
}

/** Wakes whoever redraws the routes that look different by now. */
export async function wakeRouteRedraws(db: Knex): Promise<void> {
  await db.raw(
    `select ${wakeSql('redraw-route', 'r.id')} from routes r
     join connections n on n.id = r.connection_id join installations i on i.id = n.installation_id and i.state = 'active'
     left join route_drawings w on w.route_id = r.id
     where w.drawn is distinct from route_look(r)`,
  );
}

async function redrawBatch(trx: Knex.Transaction, routeId: string): Promise<boolean> {
  await trx.raw(
    `insert into route_drawings (route_id) select id from routes where id = ? on conflict (route_id) do nothing`,
    [routeId],
  );
  const row = await lockDrawing(trx, routeId);
  if (!row || row.drawn === row.look) return false;
  if ((await waiting(trx, routeId)) >= atOnce) return true;
  const after = row.drawing === row.look ? row.after_card : '0';
  const touched = await touch(trx, routeId, after);
  const more = touched.length === atOnce;
  await trx('route_drawings')
    .where({ route_id: routeId })
    .update(
      more ? { drawing: row.look, after_card: touched.at(-1) } : { drawn: row.look, drawing: null, after_card: 0 },
    );
  return more;
}

interface Drawing {
  drawn: string | null;
  drawing: string | null;
  after_card: string;
  /** What the route looks like now. */
  look: string;
}

async function lockDrawing(trx: Knex.Transaction, routeId: string): Promise<Drawing | undefined> {
  const { rows } = await trx.raw<{ rows: Drawing[] }>(
    `select w.drawn, w.drawing, w.after_card, route_look(r) as look
     from route_drawings w join routes r on r.id = w.route_id
     join connections n on n.id = r.connection_id join installations i on i.id = n.installation_id and i.state = 'active'
     where w.route_id = ? for update of w skip locked`,
    [routeId],
  );
  return rows[0];
}

async function waiting(trx: Knex.Transaction, routeId: string): Promise<number> {
  const { rows } = await trx.raw<{ rows: [{ count: number }] }>(
    `select count(*)::int as count from cards where state = 'posted' and posted_version < desired_version and route_id = ?`,
    [routeId],
  );
  return rows[0].count;
}

/** Something can be done about it: a decision, or what an exception asks for. */
const isOpen = (d: string) =>
  `${d}.data -> 'actions' <> '[]' or (${d}.data -> 'exception' is not null and ${d}.data ->> 'phase' = 'waiting')`;

/**
 * Cards of documents that are open or show custom fields, and digests over any that is open. One that is
 * just being posted is among them: it was drawn as the route was. Gives their ids, in order.
 */
async function touch(trx: Knex.Transaction, routeId: string, after: string): Promise<string[]> {
  const { rows } = await trx.raw<{ rows: Array<{ id: string; woken: string }> }>(
    `with held as (
       select c.id from cards c left join documents d on d.id = c.document_id
       where c.route_id = :routeId and c.id > :after and c.state in ('posted', 'posting', 'uncertain')
         and case when c.document_id is not null then ${isOpen('d')} or d.data -> 'custom' is not null
           else exists (select 1 from cards m join documents o on o.id = m.document_id
             where m.digest_id = c.id and (${isOpen('o')})) end
       order by c.id limit :atOnce for no key update of c
     ), touched as (
       update cards set desired_version = desired_version + 1, wanted_at = clock_timestamp()
       where id in (select id from held) returning id, lane_id
     ), woken as (
       select ${wakeSql('deliver-lane', 'lane_id')} from (select distinct lane_id from touched order by lane_id) as lanes_with_work
     )
     select id, (select count(*) from woken) as woken from touched order by id`,
    { routeId, after, atOnce },
  );
  return rows.map(({ id }) => String(id));
}
