import type { Knex } from 'knex';

/** Workspaces that installed the app, and the app processes that are alive (what a lease's owner is checked against). */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table installations (
      id uuid primary key,
      slack_key text not null unique, -- the enterprise's id for an org-wide install, else the team's
      team_id text,
      enterprise_id text,
      is_enterprise_install boolean not null default false,
      name text not null,
      app_id text,
      bot_user_id text,
      bot_id text,
      installer_user_id text,
      scopes text[] not null default '{}',
      secret text not null,
      state text not null default 'active' check (state in ('active', 'uninstalled', 'revoked')),
      state_reason text,
      installed_at timestamptz not null default now(),
      changed_at timestamptz not null default now()
    );
    create table processes (
      id uuid primary key,
      host text not null,
      pid integer not null,
      started_at timestamptz not null default now(),
      alive_until timestamptz not null,
      figures jsonb not null default '{}' -- what it has done since it started, e.g. requests to ERPs
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop table processes; drop table installations;');
}
