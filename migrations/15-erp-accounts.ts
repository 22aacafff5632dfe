import type { Knex } from 'knex';

/**
 * People's own ERP accounts and the consents on their way; who acts in the ERP for a route and who did for a decision;
 * and sessions that are to be closed for good, so that no seat of a licence is left behind.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table erp_accounts (
      id uuid primary key,
      connection_id uuid not null references connections,
      person text not null,
      erp_user text, -- as the ERP names them; null where it does not tell
      state text not null, -- tokens, encrypted; kept by the connector
      linked_at timestamptz not null default clock_timestamp(),
      problem text,
      session_since timestamptz, -- a session of theirs may hold a seat
      used_at timestamptz,
      unlinked_at timestamptz, -- not theirs any more; the row goes once its session is closed
      attempts integer not null default 0 -- of closing its session
    );
    create unique index erp_accounts_one_each on erp_accounts (connection_id, person) where unlinked_at is null;
    -- two people behind one ERP user would be one approver
    create unique index erp_accounts_one_user on erp_accounts (connection_id, lower(erp_user)) where unlinked_at is null;
    create index erp_accounts_to_sign_out on erp_accounts (used_at) where session_since is not null or unlinked_at is not null;
    create table erp_consents (
      id bigint generated always as identity primary key,
      nonce_hash text not null unique, -- of what is in the link
      state_hash text unique, -- of what goes to the ERP and comes back, once the link was opened
      connection_id uuid not null references connections,
      person text not null,
      purpose text not null check (purpose in ('connection', 'account')),
      made_at timestamptz not null default clock_timestamp(),
      opened_at timestamptz,
      used_at timestamptz
    );
    create table erp_farewells (
      id uuid primary key,
      connection_id uuid not null references connections,
      sealed text, -- credentials and state as they were, encrypted; null: as the paused connection has them
      attempts integer not null default 0,
      created_at timestamptz not null default clock_timestamp()
    );
    alter table routes add column act_as text not null default 'service'
      check (act_as in ('person', 'person_or_service', 'service'));
    alter table decisions add column acted_as text; -- the person's own ERP user; null: the connection's
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table decisions drop column acted_as;
    alter table routes drop column act_as;
    drop table erp_farewells;
    drop table erp_consents;
    drop table erp_accounts;
  `);
}
