import type { Knex } from 'knex';

/**
 * As what a route shows exceptions: as its ERP's connector sees each, or all alike. Those that are open are looked through
 * at every reading, so they have an index of their own, however many were solved before.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table routes add column severity text not null default 'as_found'
      check (severity in ('as_found', 'info', 'warning', 'critical'));
    create index documents_open_exceptions on documents (connection_id, key)
      where kind = 'exception' and gone_at is null and data ->> 'phase' = 'waiting';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    drop index documents_open_exceptions;
    alter table routes drop column severity;
  `);
}
