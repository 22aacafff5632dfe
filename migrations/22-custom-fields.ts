import type { Knex } from 'knex';

/**
 * Fields that an ERP's customers added to its forms: which of them the cards of a route show, which a feed's site
 * offers, and what is odd about what a feed reads while it is read all the same.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table routes add column custom_fields text[] not null default '{}';
    alter table feeds add column offered_fields jsonb; -- [{name, label}]; null: not told
    alter table feeds add column offered_fields_at timestamptz; -- when the site was asked last
    alter table feeds add column notice text;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table feeds drop column notice;
    alter table feeds drop column offered_fields_at;
    alter table feeds drop column offered_fields;
    alter table routes drop column custom_fields;
  `);
}
