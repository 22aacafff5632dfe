import type { Knex } from 'knex';

/** What is read from where (connections, feeds) and which documents go to which channel (routes). */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table connections (
      id uuid primary key,
      installation_id uuid not null references installations,
      name text not null,
      connector text not null,
      time_zone text not null default 'UTC',
      settings jsonb not null, -- the credentials' fields that are not secret
      secret text not null, -- the secret ones, encrypted
      shared_state text, -- tokens and the site's profile, encrypted; kept by the connector
      status text not null default 'active' check (status in ('active', 'paused', 'broken')),
      problem text,
      problem_field text,
      problem_since timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (installation_id, name)
    );
    create table feeds (
      id bigint generated always as identity primary key,
      connection_id uuid not null references connections,
      kind text not null,
      cadence text not null,
      cursor jsonb,
      lease_owner uuid,
      attempts integer not null default 0,
      next_attempt_at timestamptz,
      last_error text,
      last_started_at timestamptz,
      last_read_at timestamptz,
      unique (connection_id, kind)
    );
    create table routes (
      id bigint generated always as identity primary key,
      connection_id uuid not null references connections,
      name text not null,
      position integer not null,
      kind text not null,
      conditions jsonb not null default '{}',
      channel text not null,
      deciders jsonb not null default '[]',
      actions text[] not null default '{approve,reject}',
      mentions text[] not null default '{}',
      burst integer not null default 20 check (burst > 0),
      retired_at timestamptz,
      unique (connection_id, name)
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop table routes; drop table feeds; drop table connections;');
}
