import type { Knex } from 'knex';

/**
 * The append-only record and its seals. `xact` comes before `id` on purpose: a transaction has its number before it
 * draws an id, so once every transaction below a snapshot has ended, no smaller id can still appear (app/audit/seal.ts).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table audit_events (
      xact xid8 not null default pg_current_xact_id(),
      id bigint generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      kind text not null,
      installation_id uuid,
      connection_id uuid,
      document_id bigint,
      card_id bigint,
      decision_id bigint,
      actor text,
      data jsonb not null default '{}'
    );
    create index audit_events_document on audit_events (document_id) where document_id is not null;
    create table audit_seals (
      id bigint primary key,
      from_id bigint not null, -- exclusive
      to_id bigint not null, -- inclusive
      events integer not null,
      events_hash text not null,
      previous_hash text not null,
      hash text not null,
      sealed_at timestamptz not null
    );
    create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'The audit record is append-only: % on % is refused.', tg_op, tg_table_name;
      end $$;
    create trigger audit_events_append_only before update or delete or truncate on audit_events
      for each statement execute function refuse_audit_change();
    create trigger audit_seals_append_only before update or delete or truncate on audit_seals
      for each statement execute function refuse_audit_change();
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop table audit_seals; drop table audit_events; drop function refuse_audit_change();');
}
