import type { Knex } from 'knex';
import type { ActionName } from '../domain/document.ts';
import { wakeSql } from '../queue/wake.ts';
import { prepared } from '../storage/prepared.ts';

/** A person's click, in the surface's words. */
export interface Click {
  /** The same for every delivery of one click. */
  clickKey: string;
  /** The team's id, or the enterprise's where the app is installed org-wide. */
  workspace: string;
  cardKey: string;
  /** The substance of the document that the card showed. */
  seen: string;
  action: ActionName;
  person: string;
  reason: string | null;
  /** The message that was clicked: one that no row knows is a post whose answer was lost. Null where it was no card's. */
  messageId: string | null;
}

export type StoredClick = 'stored' | 'already_stored' | 'unknown_card';

const storeSql = `with card as (
       select c.id, c.document_id, c.message_id, r.connection_id, l.installation_id from cards c
       join lanes l on l.id = c.lane_id join routes r on r.id = c.route_id join installations i on i.id = l.installation_id
       where c.key = :cardKey and i.slack_key = :workspace and c.document_id is not null
     ), copy as (
       update cards set message_id = coalesce(message_id, :messageId::text), desired_version = desired_version + 1,
         copies = case when message_id is null then copies else copies || :messageId::text end,
         state = case when message_id is null and state in ('pending', 'uncertain', 'dead') then 'posted' else state end
       where :messageId::text is not null and id = (select id from card) and message_id is distinct from :messageId::text and not :messageId::text = any(copies)
     ), stored as (
       insert into decisions (click_key, document_id, card_id, action, reason, person, seen)
       select :clickKey, document_id, id, :action, :reason::text, :person, :seen from card
       on conflict do nothing
       returning id, document_id, card_id
     ), event as (
       insert into audit_events (kind, installation_id, connection_id, document_id, card_id, decision_id, actor, data)
       select 'decision.stored', card.installation_id, card.connection_id, stored.document_id, stored.card_id, stored.id, :person::text,
         jsonb_build_object('action', :action::text, 'reason', :reason::text, 'seen', :seen::text)
       from stored join card on true
     )
     select exists (select 1 from card) as known,
       (select count(*)::int from stored) as stored,
       (select count(${wakeSql('decide', 'document_id')}) from stored) as woken`;

/**
 * Stores a decision and wakes its job, in one statement: what is acknowledged after this cannot be lost, and a click
 * delivered twice, or pressed again while the first is open, is one decision.
 */
export async function storeDecision(db: Knex, click: Click): Promise<StoredClick> {
  const result = await prepared<{ rows: [{ known: boolean; stored: number }] }>(db, 'store decision', storeSql, {
    ...click,
  });
  const row = result.rows[0];
  if (!row.known) return 'unknown_card';
  return row.stored === 0 ? 'already_stored' : 'stored';
}
