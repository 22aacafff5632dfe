import type { Knex } from 'knex';

/**
 * As what of their route the cards that stand are drawn, so that an edited or retired route shows on them, however it was
 * edited. What stands when this comes counts as drawn.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table route_drawings (
      route_id bigint primary key references routes,
      drawn text, -- identifies what of the route all its cards were asked to show; null: nothing yet
      drawing text, -- what they are being asked to show; null: nothing is to do
      after_card bigint not null default 0 -- how far the cards have been asked
    );
    create function route_look(r routes) returns text language sql stable as $$
      select md5(jsonb_build_array(r.deciders, r.actions, r.mentions, r.custom_fields, r.severity, r.retired_at is not null)::text)
    $$;
    insert into route_drawings (route_id, drawn) select r.id, route_look(r) from routes r;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop table route_drawings; drop function route_look(routes);');
}
