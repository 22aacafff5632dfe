import type { Knex } from 'knex';

/**
 * What an ERP bills by the call, counted: one row for a connection and month, so that a call, both its totals and both
 * limits are one statement, exact however many processes count.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table erp_calls (
      connection_id uuid not null references connections,
      month date not null, -- its first day, in the connection's time zone
      calls bigint not null,
      days integer[] not null, -- the same by day, 31 of them
      told_percent smallint not null default 0, -- of the budget: what administrators were told of
      primary key (connection_id, month)
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop table erp_calls');
}
