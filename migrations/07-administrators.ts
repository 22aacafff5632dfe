import type { Knex } from 'knex';

/**
 * People named as administrators besides the installer and Slack's own, and what keeps "what waits for me", "what
 * I decided" and "what died since" cheap with a million documents and events.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table administrators (
      installation_id uuid not null references installations,
      person text not null,
      named_by text not null,
      named_at timestamptz not null default now(),
      primary key (installation_id, person)
    );
    create index documents_undecided on documents (connection_id) where gone_at is null and data -> 'actions' <> '[]';
    create index decisions_person on decisions (person, id);
    create index audit_events_card_dead on audit_events (card_id) where kind = 'card.dead';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(
    'drop index audit_events_card_dead; drop index decisions_person; drop index documents_undecided; drop table administrators;',
  );
}
