import type { Knex } from 'knex';

/**
 * What an ERP says by itself: where it may say it and with which secret, what came (so that the same again is known),
 * which documents have to be looked at one by one, and how far the polling of a feed may lean on pushes.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table push_endpoints (
      id uuid primary key references connections, -- the connection's
      secret text not null, -- encrypted
      created_by text not null,
      created_at timestamptz not null default clock_timestamp(),
      last_push_at timestamptz,
      problem text -- what is odd about what comes, in words
    );
    create table pushes (
      connection_id uuid not null references connections,
      digest text not null, -- of the whole notice: one that comes again is the same
      kind text not null,
      stamp numeric, -- the ERP's own order, longer than a float keeps
      received_at timestamptz not null default clock_timestamp(),
      primary key (connection_id, digest)
    );
    create index pushes_received on pushes (received_at);
    create table document_checks (
      connection_id uuid not null references connections,
      kind text not null,
      key text not null,
      due_at timestamptz not null,
      attempts integer not null default 0,
      primary key (connection_id, kind, key)
    );
    create index document_checks_due on document_checks (due_at);
    alter table feeds add column asked_at timestamptz; -- a push wants it read; null: nothing asked since
    alter table feeds add column push_trusted_until timestamptz; -- until then the cadence is slowed down
    alter table feeds add column push_missed_at timestamptz; -- when a poll found what no push had told
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    alter table feeds drop column push_missed_at;
    alter table feeds drop column push_trusted_until;
    alter table feeds drop column asked_at;
    drop table document_checks;
    drop table pushes;
    drop table push_endpoints;
  `);
}
