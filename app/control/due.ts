import type { Knex } from 'knex';
import { nextRunAfter } from '../domain/cadence.ts';
import { wakeSql } from '../queue/wake.ts';

const isRead = `n.status = 'active' and i.state = 'active'`;

/**
 * Between three and five in the night of the connection, each at a minute of its own: a quiet time that every day has,
 * also the one on which the clocks are put forward.
 */
export function cadenceOf(connectionId: string): string {
  const minute = Number.parseInt(connectionId.replaceAll('-', '').slice(-6), 16) % 120;
  return `${minute % 60} ${3 + Math.floor(minute / 60)} * * *`;
}

/** Wakes whoever compares connections that are due, and whoever goes on with a comparison that was begun. */
export async function wakeComparing(db: Knex): Promise<void> {
  await db.raw(
    `select ${wakeSql('compare', 'n.id')} from connections n
     join installations i on i.id = n.installation_id left join control_plans p on p.connection_id = n.id
     where ${isRead} and (p.connection_id is null or p.time_zone <> n.time_zone or p.due_at <= clock_timestamp()
       or exists (select 1 from control_runs r where r.connection_id = n.id and r.finished_at is null
         and (r.next_attempt_at is null or r.next_attempt_at <= clock_timestamp())))`,
  );
}

/**
 * Begins a comparison where one is due, once among any number of processes: the row of the plan is locked. A night that
 * was missed is due until it is made up for; many missed ones are one.
 */
export async function beginWhereDue(db: Knex, connectionId: string): Promise<void> {
  await db.transaction(async (trx) => {
    const connection = await trx('connections').where({ id: connectionId, status: 'active' }).first('time_zone');
    if (!connection) return;
    const { time_zone: timeZone } = connection;
    const { rows } = await trx.raw<{ rows: [{ now: Date }] }>('select clock_timestamp() as now');
    const next = nextRunAfter(cadenceOf(connectionId), timeZone, rows[0].now);
    if (!next) throw new Error(`The time zone ${timeZone} is not understood.`);
    const fresh = { connection_id: connectionId, time_zone: timeZone, due_at: next };
    await trx('control_plans').insert(fresh).onConflict('connection_id').ignore();
    const plan = await trx('control_plans').where({ connection_id: connectionId }).forUpdate().first();
    if (plan.time_zone === timeZone && plan.due_at > rows[0].now) return;
    await trx('control_plans').where({ connection_id: connectionId }).update(fresh);
    if (plan.time_zone === timeZone) await begin(trx, connectionId, null);
  });
}

/** Begins a comparison, or gives the one that runs; `askedBy` null: it was due. */
export async function begin(db: Knex, connectionId: string, askedBy: string | null): Promise<string> {
  const { rows } = await db.raw<{ rows: Array<{ id: string }> }>(
    `insert into control_runs (connection_id, asked_by) values (?, ?)
     on conflict (connection_id) where finished_at is null do update set asked_by = coalesce(control_runs.asked_by, excluded.asked_by)
     returning id::text`,
    [connectionId, askedBy],
  );
  return rows[0]?.id ?? '';
}
