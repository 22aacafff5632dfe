import type { Knex } from 'knex';

/** When the app said its first word to whoever installed it, so that it is said once. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table installations add column introduced_at timestamptz;
    update installations set introduced_at = installed_at;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('alter table installations drop column introduced_at');
}
