import type { Knex } from 'knex';

/**
 * Routes that gather their documents into digests. A gathered document has a card row in the state `digested` that names
 * no digest yet; the next digest of its route takes it in. The ticks are kept beside the routes and not in them, so that
 * a digest does not count as a change of its route's set-up.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table route_digests (
      route_id bigint primary key references routes,
      plan text not null, -- the cadence and the time zone by which due_at was reckoned
      due_at timestamptz not null, -- the first tick that nobody has dealt with
      last_at timestamptz -- when the last digest was made
    );
    alter table cards add column digest jsonb; -- of a route's digest: since when, and what changed state meanwhile
    alter table cards add column status_before text; -- in a digest: the state that the route's last digest knew, once it changed
    create index cards_gathered on cards (route_id) where state = 'digested' and digest_id is null;
    create index cards_moved on cards (route_id) where status_before is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    drop index cards_moved;
    drop index cards_gathered;
    alter table cards drop column status_before;
    alter table cards drop column digest;
    drop table route_digests;
  `);
}
