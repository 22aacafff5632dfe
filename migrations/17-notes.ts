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
    create table notes (
      id bigint generated always as identity primary key,
      note_key text not null unique, -- a message, or a decision, is written into the ERP once
      document_id bigint not null references documents,
      card_id bigint not null references cards,
      decision_id bigint references decisions, -- null: what somebody wrote
      person text not null, -- who asked for it
      said jsonb, -- what was written: the author, when, the text, the files; null for a decision
      state text not null default 'stored' check (state in ('stored', 'acting', 'done', 'refused', 'dead')),
      entry text, -- as it goes into the ERP's note; with standing and asked_at: the stored intent
      standing integer, -- how often it stood there before it was first added
      written_at timestamptz, -- the entry surely stands there
      asked_at timestamptz,
      message text, -- how it ended, for people
      attempts integer not null default 0,
      next_attempt_at timestamptz,
      lease_owner uuid,
      created_at timestamptz not null default clock_timestamp(),
      finished_at timestamptz,
      told_at timestamptz
    );
    create unique index notes_one_acting on notes (document_id) where state = 'acting';
    create index notes_open on notes (document_id, id) where state in ('stored', 'acting');
    create index notes_untold on notes (id) where finished_at is not null and message is not null and told_at is null;
    alter table routes add column note_decisions boolean not null default false;

    create index shared_links_open on shared_links (id) where state = 'stored';
    create index shared_links_age on shared_links (created_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table routes drop column note_decisions;
    drop table notes;
    drop table shared_links;
    drop index cards_copies;
    drop index cards_message;
  `);
}
