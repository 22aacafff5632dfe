import type { Knex } from 'knex';

/**
 * What people say about documents and the app does with it: links that were shared, notes to be written into the ERP. And
 * the way from a message to its card, which a person points at.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create index cards_message on cards (lane_id, message_id) where message_id is not null;
    create index cards_copies on cards (lane_id) where copies <> '{}';

    create table shared_links (
      id bigint generated always as identity primary key,
      installation_id uuid not null references installations,
      event_id text not null,
      channel text not null,
      message_id text not null,
      person text not null,
      links text[] not null,
      state text not null default 'stored' check (state in ('stored', 'done')),
      created_at timestamptz not null default clock_timestamp(),
      unique (installation_id, event_id)
    );
    create index shared_links_open on shared_links (id) where state = 'stored';
    create index shared_links_age on shared_links (created_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    drop table shared_links;
    drop index cards_copies;
    drop index cards_message;
  `);
}
