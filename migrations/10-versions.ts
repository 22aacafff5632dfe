import type { Knex } from 'knex';

/**
 * How often a connection or a route was set up anew, counted by the database whoever does it, so that a form that was
 * opened before somebody else's change is noticed; and the cadence of a route that gathers its documents into digests.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table connections add column version integer not null default 1;
    alter table routes add column version integer not null default 1;
    alter table routes add column digest_cadence text; -- null: a card for each document
    create function count_version() returns trigger language plpgsql as $$
      begin
        new.version := old.version + 1;
        return new;
      end $$;
    create trigger connections_version before update of name, time_zone, settings, secret on connections
      for each row execute function count_version();
    create trigger routes_version before update on routes for each row execute function count_version();
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    drop trigger routes_version on routes;
    drop trigger connections_version on connections;
    drop function count_version();
    alter table routes drop column digest_cadence;
    alter table routes drop column version;
    alter table connections drop column version;
  `);
}
