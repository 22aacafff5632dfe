import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import { guardsOf } from '../domain/guards/guards.ts';
import { wake } from '../queue/wake.ts';
import { prepared } from '../storage/prepared.ts';
import type { Lane } from './lane-rows.ts';
import type { PermanentReason, Posted } from './surface.ts';
import type { Work } from './work.ts';

/** The wait between two messages in a channel, counted from the answer; 2 ms more, for timers fire up to 1 ms early. */
export const paceMs = 1_002;

/**
 * Stores that a card stands in its channel in this version, and when the lane may send again. One statement. Where the
 * card turns out to stand there already, the other message is kept as a copy that is redrawn too.
 */
export async function recordPosted(
  db: Knex,
  lane: Lane,
  work: Work,
  posted: Posted & { version: number; shownHash: string; how: 'posted' | 'updated' | 'found' },
): Promise<void> {
  const conversation = posted.conversation ?? null;
  await prepared(
    db,
    'record posted',
    `with card as (
       update cards set state = 'posted', posted_version = :version, shown = :shown::jsonb, shown_hash = :hash, attempts = 0,
         last_error = null, dead_reason = null, posted_at = coalesce(posted_at, clock_timestamp()), message_id = :messageId,
         copies = case when message_id <> :messageId and not message_id = any(copies) then copies || message_id else copies end,
         redraw_at = ${redrawAt}
       where id = :card returning id
     ), lane as (
       update lanes set attempts = 0, last_error = null, next_send_at = case when :how = 'updated' then next_send_at
         else clock_timestamp() + ${paceMs} * interval '1 ms' end,
         conversation = coalesce(:conversation::text, conversation)
       where id = :lane
     )
     insert into audit_events (kind, installation_id, connection_id, document_id, card_id, data)
     select 'card.' || :how, :installation::uuid, :connection::uuid, :document::bigint, id, :data::jsonb from card`,
    {
      card: work.cardId,
      lane: lane.id,
      conversation,
      version: posted.version,
      shown: work.document ? JSON.stringify(work.document) : null,
      hash: posted.shownHash,
      until: readsUntil(work),
      messageId: posted.messageId,
      how: posted.how,
      installation: lane.installationId,
      connection: work.connectionId,
      document: work.documentId,
      data: JSON.stringify({
        channel: lane.channel,
        message: posted.messageId,
        version: posted.version,
        substance: work.substance,
      }),
    },
  );
  // What this process holds of the lane goes on with the next card.
  if (conversation) lane.conversation = conversation;
}

/** The drawing came out the same as what stands there: nothing to send. */
export async function recordUnchanged(db: Knex, work: Work): Promise<void> {
  await db.raw(`update cards set posted_version = :version, redraw_at = ${redrawAt} where id = :card`, {
    version: work.desiredVersion,
    card: work.cardId,
    connection: work.connectionId,
    until: readsUntil(work),
  } as Knex.ValueDict);
}

/** The start of the day on which the card will read differently, where its document is. */
const redrawAt = `(select :until::date::timestamp at time zone time_zone from connections where id = :connection::uuid)`;

function readsUntil({ document, facts, gone }: Work): string | null {
  return document && facts && !gone ? guardsOf(document, facts).until : null;
}

/** The answer never came: the message may stand there. Looked for before anything is posted again. */
export async function recordUnclear(db: Knex, work: Work, problem: string): Promise<void> {
  await db('cards')
    .where({ id: work.cardId })
    .update({ state: 'uncertain', last_error: problem, unclear_posts: db.raw('unclear_posts + 1') });
}

/** Surely not posted: next in its lane again. */
export async function recordNotPosted(db: Knex, work: Work, problem: string | null): Promise<void> {
  await db('cards').where({ id: work.cardId }).update({ state: 'pending', last_error: problem });
}

/** The message is gone or closed for changes: a new one takes its place. */
export async function recordLost(db: Knex, work: Work, problem: string): Promise<void> {
  await db('cards')
    .where({ id: work.cardId })
    .update({ state: 'pending', message_id: null, posted_version: 0, shown_hash: null, last_error: problem });
}

/** Gives up on a card, or on all that waits in a lane whose channel cannot be posted to, and says why. */
export async function recordDead(
  db: Knex,
  lane: Lane,
  work: Work,
  code: PermanentReason,
  reason: string,
): Promise<void> {
  const scope = code === 'place' || code === 'uninvited' ? 'lane' : 'card';
  await db.transaction(async (trx) => {
    const known = await trx('cards').where({ lane_id: lane.id, state: 'dead', dead_reason: reason }).first('id');
    const cards = trx('cards').where({ lane_id: lane.id });
    if (scope === 'card') cards.where({ id: work.cardId });
    else
      cards.whereRaw(
        `(state in ('pending', 'posting', 'uncertain') or (state = 'posted' and posted_version < desired_version))`,
      );
    const dead = await cards
      .update({ state: 'dead', dead_reason: reason, dead_code: code, last_error: reason })
      .returning(['id', 'document_id']);
    if (scope === 'lane') {
      await trx('thread_lines')
        .where({ lane_id: lane.id })
        .whereIn('state', ['pending', 'posting', 'uncertain'])
        .update({ state: 'dead', last_error: reason });
    }
    await recordEvents(
      trx,
      dead.map((card) => ({
        kind: 'card.dead',
        installationId: lane.installationId,
        connectionId: work.connectionId,
        documentId: card.document_id,
        cardId: String(card.id),
        data: { reason, channel: lane.channel },
      })),
    );
    // Told once for each reason: an archived channel on a busy route would else be a message for every bill.
    if (dead.length > 0 && !known) await wake(trx, 'tell', `lane-dead/${lane.id}`);
  });
}
