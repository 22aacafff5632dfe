import type { Knex } from 'knex';
import { leaseIsFree } from '../queue/lease.ts';
import { wakeSql } from '../queue/wake.ts';

/** The id under which the `publish-home` task looks at what changed. */
export const changesId = 'changes';

/** What administrators see of a connection has changed, by no event of the record. */
export async function noteForAdmins(trx: Knex, connectionId: string): Promise<void> {
  await trx.raw(
    `insert into home_changes (installation_id, to_admins) select n.installation_id, true from connections n
     where n.id = ? and exists (select 1 from home_views v where v.installation_id = n.installation_id)`,
    [connectionId],
  );
}

const atOnce = 2_000;

/** Wakes whoever looks at new changes, and whoever publishes a Home that is due. Nothing to do costs two index probes. */
export async function wakeHomes(db: Knex): Promise<void> {
  await db.raw(
    `select ${wakeSql('publish-home', 'id')} from (
       select '${changesId}' as id where exists (select 1 from home_changes)
       union all
       select v.installation_id || '/' || v.person from home_views v
       join installations i on i.id = v.installation_id and i.state = 'active'
       where v.wanted > v.published and v.next_publish_at <= clock_timestamp() and ${leaseIsFree('v.lease_owner')}
     ) as due`,
  );
}

/**
 * Finds the Homes that the changes since the last look concern and has them published, no sooner than their pace. A Home
 * that nobody has opened for a week waits until it is.
 */
export async function spreadChanges(db: Knex): Promise<number> {
  for (let homes = 0; ; ) {
    const { taken, woken } = await db.transaction(spreadOnce);
    homes += woken;
    if (taken < atOnce) return homes;
  }
}

/** Statements of their own, so that nothing hangs on how PostgreSQL looks again at a row that it had to wait for. */
async function spreadOnce(trx: Knex.Transaction): Promise<{ taken: number; woken: number }> {
  const taken = await trx('home_changes')
    .whereIn('id', trx('home_changes').orderBy('id').limit(atOnce).forUpdate().skipLocked().select('id'))
    .delete()
    .returning(['installation_id', 'document_id', 'person', 'to_admins', 'to_everyone']);
  if (taken.length === 0) return { taken: 0, woken: 0 };
  const concerned = await trx.raw<{ rows: Array<{ installation_id: string; person: string }> }>(
    `with taken as (
       select * from jsonb_to_recordset(?::jsonb) as t(
         installation_id uuid, document_id bigint, person text, to_admins boolean, to_everyone boolean)
     ), deciders as (
       select distinct t.installation_id, decider ->> 'user' as person
       from (select distinct installation_id, document_id from taken where document_id is not null) t
       join cards c on c.document_id = t.document_id
       join routes r on r.id = c.route_id and r.retired_at is null
       cross join jsonb_array_elements(r.deciders) as decider
     )
     select v.installation_id, v.person from home_views v
     where v.opened_at > clock_timestamp() - interval '7 days' and (exists (select 1 from taken t where t.installation_id = v.installation_id
         and (t.to_everyone or t.person = v.person or (t.to_admins and v.is_admin)))
       or exists (select 1 from deciders d where d.installation_id = v.installation_id and d.person = v.person))
     order by v.installation_id, v.person`,
    [JSON.stringify(taken)],
  );
  for (const home of concerned.rows) {
    await trx.raw(
      `with wanted as (
         update home_views set wanted = wanted + 1 where installation_id = :installation_id and person = :person
         returning installation_id || '/' || person as id, nullif(next_publish_at, '-infinity') as at
       )
       select ${wakeSql('publish-home', 'id', 'at')} from wanted`,
      home,
    );
  }
  return { taken: taken.length, woken: concerned.rows.length };
}
