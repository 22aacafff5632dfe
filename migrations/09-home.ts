import type { Knex } from 'knex';

/**
 * App Home: a row for each person who has opened it, with what they look at and how far it is published, and a note of
 * each change that may concern one of them. The trigger only appends to `home_changes`, so whoever records an event
 * never waits for a Home, and where nobody has opened one it writes nothing.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    create table home_views (
      installation_id uuid not null references installations,
      person text not null,
      tab text not null default 'decisions' check (tab in ('decisions', 'administration')),
      pages jsonb not null default '{}', -- which page of each list is looked at
      notice text, -- the answer to what the person did last
      is_admin boolean not null default false, -- when last drawn: whom news for administrators wakes, never what one may do
      wanted bigint not null default 1,
      published bigint not null default 0,
      content_hash text, -- of what is shown; null: publish whatever comes out
      view_hash text, -- Slack's
      next_publish_at timestamptz not null default '-infinity',
      lease_owner uuid,
      attempts integer not null default 0,
      last_error text,
      opened_at timestamptz not null default clock_timestamp(),
      published_at timestamptz,
      primary key (installation_id, person)
    );
    create index home_views_wanted on home_views (next_publish_at) where wanted > published;
    create table home_changes (
      id bigint generated always as identity primary key,
      installation_id uuid not null,
      document_id bigint, -- concerns whoever may decide it
      person text, -- concerns whoever did it
      to_admins boolean not null default false,
      to_everyone boolean not null default false
    );
    create index decisions_dead on decisions (document_id) where state = 'dead';
    create function note_home_changes() returns trigger language plpgsql as $$
      begin
        if not exists (select 1 from home_views) then
          return null;
        end if;
        with touched as (
          select distinct coalesce(a.installation_id, n.installation_id) as installation_id, a.document_id, a.actor as person,
            a.kind in ('card.dead', 'card.replayed', 'decision.dead', 'decision.replayed') as to_admins,
            a.kind like 'connection.%' or a.kind like 'route.%' or a.kind like 'administrator.%' or a.kind = 'installation.renewed'
              as to_everyone
          from added a
          left join documents d on d.id = a.document_id and a.connection_id is null and a.installation_id is null
          left join connections n on n.id = coalesce(a.connection_id, d.connection_id)
          where a.kind like 'connection.%' or a.kind like 'route.%' or a.kind like 'administrator.%'
            or a.kind in ('document.added', 'document.changed', 'decision.stored', 'decision.retried', 'decision.done',
              'decision.refused', 'decision.dead', 'decision.replayed', 'card.dead', 'card.replayed', 'installation.renewed')
        ), known as (
          select * from touched t where exists (select 1 from home_views v where v.installation_id = t.installation_id)
        ), crowds as (
          select installation_id, count(*) > 100 as crowded from known group by installation_id
        )
        insert into home_changes (installation_id, document_id, person, to_admins, to_everyone)
        select k.* from known k join crowds c using (installation_id) where not c.crowded
        union all
        select installation_id, null, null, false, true from crowds where crowded;
        return null;
      end $$;
    create trigger audit_events_note_home_changes after insert on audit_events
      referencing new table as added for each statement execute function note_home_changes();
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    drop trigger audit_events_note_home_changes on audit_events;
    drop function note_home_changes();
    drop index decisions_dead;
    drop table home_changes;
    drop table home_views;
  `);
}
