import type { Knex } from 'knex';

/**
 * The nightly comparison of what is stored with what the ERP has: when each connection is due, how far a comparison is,
 * the ERP's documents in slim rows while it runs, and what it found. What was found stays; the rows do not.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table control_plans (
      connection_id uuid primary key references connections,
      time_zone text not null, -- by which due_at was reckoned
      due_at timestamptz not null
    );
    create table control_runs (
      id bigint generated always as identity primary key,
      connection_id uuid not null references connections,
      asked_by text, -- null: it was due
      state text not null default 'listing' check (state in ('listing', 'settling', 'repairing', 'done', 'failed')),
      round integer not null default 1, -- the second looks again at the kinds that differed in the first
      started_at timestamptz not null default clock_timestamp(),
      state_since timestamptz not null default clock_timestamp(),
      finished_at timestamptz,
      lease_owner uuid,
      attempts integer not null default 0,
      next_attempt_at timestamptz,
      problem text -- why it failed, or what it waits for
    );
    create unique index control_runs_open on control_runs (connection_id) where finished_at is null;
    create index control_runs_of_connection on control_runs (connection_id, id);
    create table control_kinds (
      run_id bigint not null references control_runs on delete cascade,
      kind text not null,
      listed_from timestamptz, -- what was stored since then is newer than the list
      listed_at timestamptz, -- null: still to be listed in this round
      agree integer, -- documents that agree, as of the last round; null: not compared
      gone_unlikely boolean not null default false, -- so many are missing there that nothing was made of it
      problem text, -- why it was not compared
      primary key (run_id, kind)
    );
    create table control_rows (
      run_id bigint not null references control_runs on delete cascade,
      kind text not null,
      key text not null,
      type text not null,
      reference text not null,
      told boolean not null, -- whether the list says more than that there is such a document
      status text,
      amount numeric,
      currency text,
      branch text,
      modified_at timestamptz,
      primary key (run_id, kind, key)
    );
    create table control_totals (
      run_id bigint not null references control_runs on delete cascade,
      round integer not null,
      kind text not null,
      branch text not null, -- '' where a document has none
      currency text not null,
      documents_there integer not null,
      sum_there numeric,
      documents_here integer not null,
      sum_here numeric,
      primary key (run_id, round, kind, branch, currency)
    );
    create table control_differences (
      run_id bigint not null references control_runs on delete cascade,
      kind text not null,
      key text not null,
      type text not null,
      reference text not null,
      sort text not null check (sort in ('missing', 'gone', 'changed')), -- missing here, gone there
      fields text[] not null default '{}', -- of a changed one: what differs
      version integer, -- of the document as it was stored then; null: it was not
      still boolean not null default false, -- it differed in the second round, too
      primary key (run_id, kind, key)
    );
    create table control_notices (
      run_id bigint not null references control_runs on delete cascade,
      person text not null,
      told_at timestamptz not null default clock_timestamp(),
      primary key (run_id, person)
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    drop table control_notices;
    drop table control_differences;
    drop table control_totals;
    drop table control_rows;
    drop table control_kinds;
    drop table control_runs;
    drop table control_plans;
  `);
}
