import type { Knex } from 'knex';

/**
 * Lanes, cards and thread lines: the difference between what should be shown and what is shown.
 * A partial index holds only what is still to be delivered, so that finding work stays cheap with a million cards.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table lanes (
      id bigint generated always as identity primary key,
      installation_id uuid not null references installations,
      channel text not null,
      lease_owner uuid,
      wakes bigint not null default 0, -- counts wake-ups that found the lane taken, so that none is lost
      next_send_at timestamptz not null default '-infinity', -- the pace of one message a second
      next_attempt_at timestamptz not null default '-infinity', -- the wait after an error
      attempts integer not null default 0,
      last_error text,
      unique (installation_id, channel)
    );
    create table cards (
      id bigint generated always as identity primary key,
      key uuid not null unique default gen_random_uuid(), -- travels in the message's metadata
      lane_id bigint not null references lanes,
      route_id bigint not null references routes,
      document_id bigint references documents, -- null: a digest, standing for the cards that name it
      digest_id bigint references cards,
      state text not null default 'pending'
        check (state in ('pending', 'posting', 'uncertain', 'posted', 'dead', 'digested')),
      desired_version integer not null default 1,
      posted_version integer not null default 0,
      message_id text,
      copies text[] not null default '{}', -- messages of the same card that a lost answer left behind
      shown jsonb, -- the document as the message shows it
      shown_hash text,
      attempts integer not null default 0,
      attempt_started_at timestamptz,
      unclear_posts integer not null default 0,
      last_error text,
      dead_reason text,
      wanted_at timestamptz not null default clock_timestamp(),
      posted_at timestamptz,
      unique (lane_id, document_id)
    );
    create index cards_to_deliver on cards (lane_id, id)
      where state in ('pending', 'posting', 'uncertain') or (state = 'posted' and posted_version < desired_version);
    create index cards_to_redraw on cards (lane_id, wanted_at) where state = 'posted' and posted_version < desired_version;
    create index cards_document on cards (document_id);
    create index cards_digest on cards (digest_id) where digest_id is not null;
    create index cards_dead on cards (lane_id) where state = 'dead';
    create table thread_lines (
      id bigint generated always as identity primary key,
      card_id bigint not null references cards,
      lane_id bigint not null references lanes,
      line jsonb not null,
      state text not null default 'pending' check (state in ('pending', 'posting', 'uncertain', 'posted', 'dead')),
      batch uuid, -- the lines that travel in one message; in its metadata
      message_id text,
      attempt_started_at timestamptz,
      last_error text,
      wanted_at timestamptz not null default clock_timestamp()
    );
    create index thread_lines_to_deliver on thread_lines (lane_id, id) where state in ('pending', 'posting', 'uncertain');
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('drop table thread_lines; drop table cards; drop table lanes;');
}
