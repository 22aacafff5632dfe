import type { Knex } from 'knex';

/**
 * Routes that are set up in Slack: who did it, and documents that were known before and are still to get their cards;
 * direct messages, whose conversation only Slack's answers name; and which cards wait for an invitation of the app.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table routes add column set_up_by text; -- the person; null: a file
    alter table lanes add column conversation text; -- of a direct message: Slack's own id (D…), once it is known
    alter table cards add column dead_code text; -- the reason in one word
    update cards set dead_code = 'uninvited' where state = 'dead'
      and (dead_reason like 'The channel was not found:%' or dead_reason like 'The app is not in the channel.%');
    create table route_catch_ups (
      route_id bigint primary key references routes,
      after_document bigint not null default 0 -- how far the documents have been looked at
    );
    create index audit_events_route on audit_events (connection_id, id) where kind like 'route.%';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    drop index audit_events_route;
    drop table route_catch_ups;
    alter table cards drop column dead_code;
    alter table lanes drop column conversation;
    alter table routes drop column set_up_by;
  `);
}
