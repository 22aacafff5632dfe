import type { Knex } from 'knex';

/**
 * What a person has typed into a form of set-up, from its sending off until it is saved, so that nothing typed is lost
 * and no secret has to travel back to Slack. `attempt` names the sending off that may still save it; null: none may.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table setup_drafts (
      id uuid primary key,
      installation_id uuid not null references installations,
      person text not null,
      what text not null, -- 'connection' for a new one, else 'connection:<id>'
      payload text not null, -- encrypted
      attempt uuid,
      created_at timestamptz not null default clock_timestamp(),
      expires_at timestamptz not null
    );
    create index setup_drafts_of_person on setup_drafts (installation_id, person, what);
    create index setup_drafts_expiry on setup_drafts (expires_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop table setup_drafts;');
}
