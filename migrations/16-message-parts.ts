import type { Knex } from 'knex';

/** What a person is told of their decision holds amounts and dates, which each reader writes their own way. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('decisions', (table) => {
    table.jsonb('message_parts').nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('decisions', (table) => {
    table.dropColumn('message_parts');
  });
}
