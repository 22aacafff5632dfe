import type { Knex } from 'knex';

/**
 * What cards warn of: bills that resemble each other (found by the index), what a bill was when it was approved, and when
 * a vendor's payment data changed. Of those only keyed fingerprints are kept, never the data.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create index documents_alike on documents
      (connection_id, kind, (data #>> '{vendor,code}'), ((data #>> '{amount,value}')::numeric), id);
    alter table documents add column approval text check (approval in ('waiting', 'approved')); -- what was last seen of it
    alter table documents add column approved_at timestamptz;
    alter table documents add column approved jsonb; -- the document as it was then
    alter table cards add column redraw_at timestamptz; -- when what it says of dates reads differently; null: never
    create index cards_redraw_at on cards (redraw_at) where redraw_at is not null;
    create table parties (
      connection_id uuid not null references connections,
      code text not null, -- the ERP's
      bank text, -- a keyed fingerprint; null: there are no such data
      remittance text, -- the same
      bank_changed_at timestamptz, -- when it was seen to be another; null: not since it was first seen
      remittance_changed_at timestamptz,
      version integer not null default 1, -- counts the changes of either
      seen_at timestamptz not null default clock_timestamp(),
      primary key (connection_id, code)
    );
    create table party_readings (
      id uuid primary key references connections, -- the connection's
      secret text not null, -- the key of its fingerprints, encrypted
      started_at timestamptz,
      read_at timestamptz, -- the start of the last reading that came to its end
      read_whole_at timestamptz, -- the same, of one that read every vendor
      lease_owner uuid,
      attempts integer not null default 0,
      next_attempt_at timestamptz,
      last_error text
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    drop table party_readings;
    drop table parties;
    drop index cards_redraw_at;
    alter table cards drop column redraw_at;
    alter table documents drop column approved;
    alter table documents drop column approved_at;
    alter table documents drop column approval;
    drop index documents_alike;
  `);
}
