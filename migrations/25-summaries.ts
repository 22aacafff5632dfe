import type { Knex } from 'knex';

/**
 * Summaries of a ledger are made when the close calendar says so, or when somebody asks. Their feed keeps the first
 * instant that nobody has dealt with; each making is a row of its own, so that it happens once, whoever and however many
 * ask for it. The ERP's periods are kept, for the calendar has to be known before the ERP can be asked.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table feeds add column plan text; -- of summaries: the schedule and the time zone by which due_at was reckoned
    alter table feeds add column due_at timestamptz;
    alter table connections add column periods_read_at timestamptz; -- null: never
    create table reporting_periods (
      connection_id uuid not null references connections,
      name text not null,
      starts_on date not null,
      ends_on date not null,
      primary key (connection_id, starts_on)
    );
    create table summary_runs (
      id bigint generated always as identity primary key,
      feed_id bigint not null references feeds,
      key text not null, -- of the document that it makes
      due_at timestamptz not null, -- says which period it is of
      scheduled boolean not null, -- false: only because somebody asked
      asked jsonb not null default '[]', -- who asked and is still to be told, and where
      state text not null default 'open' check (state in ('open', 'done', 'failed')),
      attempts integer not null default 0,
      document_id bigint references documents,
      message text, -- why there is none, in words
      created_at timestamptz not null default clock_timestamp(),
      finished_at timestamptz,
      unique (feed_id, key)
    );
    create unique index summary_runs_open on summary_runs (feed_id) where state = 'open';
    create index summary_runs_untold on summary_runs (finished_at) where asked <> '[]';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    drop table summary_runs;
    drop table reporting_periods;
    alter table connections drop column periods_read_at;
    alter table feeds drop column due_at;
    alter table feeds drop column plan;
  `);
}
