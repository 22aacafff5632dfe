import type { Knex } from 'knex';

/** Finds the payments of a document that is stored after them: only payments have applications, so only they are in it. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create index documents_applications on documents using gin ((data -> 'applications') jsonb_path_ops)
      where data -> 'applications' is not null
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop index documents_applications');
}
