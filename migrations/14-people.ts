import type { Knex } from 'knex';

/**
 * Whom the ERPs know (`people`) and who of them is who in Slack; when each connection's people were matched last
 * (`people_runs`); and for named administrators whether they were told, and a count of changes by which a form that was
 * opened before somebody else's is noticed.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table people (
      id bigint generated always as identity primary key,
      connection_id uuid not null references connections,
      sort text not null check (sort in ('employee', 'contact')),
      key text not null,
      name text not null,
      email text,
      active boolean not null, -- false too for who is no longer in the ERP
      slack_user text,
      matched_by text check (matched_by in ('email', 'hand')), -- by hand with nobody: somebody said that nobody is right
      unmatched text check (unmatched in ('no_email', 'nobody', 'same_in_slack', 'same_in_erp')), -- why there is no match by e-mail
      set_by text, -- who set it by hand, or gave it back to its e-mail
      set_at timestamptz,
      version integer not null default 1,
      seen_at timestamptz not null default clock_timestamp(), -- when the ERP named the person last
      unique (connection_id, sort, key),
      check (slack_user is null or matched_by is not null),
      check (matched_by is distinct from 'email' or slack_user is not null)
    );
    create index people_slack_user on people (connection_id, slack_user) where slack_user is not null;
    create trigger people_version before update on people for each row
      when (old.slack_user is distinct from new.slack_user or old.matched_by is distinct from new.matched_by)
      execute function count_version();
    create table people_runs (
      connection_id uuid primary key references connections,
      offered boolean not null default true, -- whether the connector tells of people at all
      wanted_at timestamptz, -- when somebody asked for it
      started_at timestamptz,
      matched_at timestamptz, -- when it was done last
      lease_owner uuid,
      attempts integer not null default 0,
      next_attempt_at timestamptz,
      last_error text
    );
    alter table administrators add column told_at timestamptz;
    update administrators set told_at = now();
    alter table installations add column administrators_version integer not null default 1;
    alter table installations add column administrators_changed_by text;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table installations drop column administrators_changed_by;
    alter table installations drop column administrators_version;
    alter table administrators drop column told_at;
    drop table people_runs;
    drop table people;
  `);
}
