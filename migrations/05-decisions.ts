import type { Knex } from 'knex';

/** What people decided: stored before it is acknowledged, carried out one at a time per document. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table decisions (
      id bigint generated always as identity primary key,
      click_key text not null unique, -- a click delivered twice is one decision
      document_id bigint not null references documents,
      card_id bigint not null references cards,
      action text not null check (action in ('approve', 'reject', 'release', 'hold')),
      reason text,
      person text not null,
      seen text not null, -- the substance of the document that the person saw
      state text not null default 'stored' check (state in ('stored', 'acting', 'done', 'refused', 'dead')),
      outcome text, -- a short code: approved, changed_since, not_allowed, …
      message text, -- the same for people
      before jsonb, -- the document just before the ERP was asked; with acted_at: the stored intent
      acted_at timestamptz,
      attempts integer not null default 0,
      next_attempt_at timestamptz,
      lease_owner uuid,
      created_at timestamptz not null default clock_timestamp(),
      finished_at timestamptz,
      told_at timestamptz
    );
    create unique index decisions_one_acting on decisions (document_id) where state = 'acting';
    create unique index decisions_one_open on decisions (document_id, person, action) where state in ('stored', 'acting');
    create index decisions_document on decisions (document_id, id);
    create index decisions_open on decisions (document_id, id) where state in ('stored', 'acting');
    create index decisions_untold on decisions (id) 
        where finished_at is not null and message is not null and told_at is null;
    create index decisions_card on decisions (card_id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop table decisions;');
}
