import type { Knex } from 'knex';

/** ERP records as last seen: recognised by natural key, changed when the content's hash is another. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table documents (
      id bigint generated always as identity primary key,
      connection_id uuid not null references connections,
      kind text not null,
      key text not null,
      reference text not null,
      status text not null,
      version integer not null default 1,
      hash text not null, -- of all that is shown
      substance text not null, -- of what an approval is bound to
      data jsonb not null,
      modified_at timestamptz, -- by the ERP's clock
      first_seen_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      gone_at timestamptz,
      unique (connection_id, kind, key)
    );
    create index documents_reference on documents (reference);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop table documents;');
}
