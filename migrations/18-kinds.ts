import type { Knex } from 'knex';

/**
 * Documents of many kinds: releasing from hold is a decision too, and a feed says why it waits for a person, so that
 * one kind that may not be read stops no other.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table decisions drop constraint decisions_action_check;
    alter table decisions add constraint decisions_action_check
      check (action in ('approve', 'reject', 'release', 'hold', 'unhold'));
    alter table feeds add column problem_scope text check (problem_scope in ('connection', 'kind')); -- null: no person is needed
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table feeds drop column problem_scope;
    alter table decisions drop constraint decisions_action_check;
    alter table decisions add constraint decisions_action_check
      check (action in ('approve', 'reject', 'release', 'hold')) not valid;
  `);
}
