import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import { type DecisionScope, replayDecisions } from '../decisions/replay.ts';
import { replayNotes } from '../notes/replay.ts';
import { wake } from '../queue/wake.ts';

export interface Replayed {
  cards: number;
  threadLines: number;
  decisions: number;
  notes: number;
  /** How many of the cards go to which channel. */
  channels: Array<{ channel: string; cards: number }>;
}

/** What is to be tried again: all that is dead, or less. */
export type ReplayScope = DecisionScope;

/** Brings dead cards and thread lines back, of one channel or of all; see `replay`. */
export function replayDead(db: Knex, actor: string, channel?: string): Promise<Replayed> {
  return replay(db, actor, { channel });
}

/**
 * Brings back what could not be delivered or carried out: dead cards and thread lines are tried again in their old
 * order, dead decisions and notes are opened again. Asking twice does it once.
 */
export async function replay(db: Knex, actor: string, scope: ReplayScope): Promise<Replayed> {
  return db.transaction((trx) => replayIn(trx, actor, scope));
}

/**
 * The same for single documents; their cards that stand in a channel are drawn anew, even where nothing changed. A card
 * that is being redrawn already, or was for this reason within the last minute, is left alone.
 */
export async function replayDocuments(
  db: Knex,
  actor: string,
  installationId: string,
  documentIds: string[],
): Promise<Replayed & { redrawn: number }> {
  return db.transaction(async (trx) => {
    const replayed = await replayIn(trx, actor, { installationId, documentIds });
    const standing = await trx('cards')
      .where({ state: 'posted' })
      .whereIn('document_id', documentIds)
      .whereRaw('posted_version = desired_version')
      .orderBy('id')
      .forUpdate()
      .select('id');
    // A statement of its own, after the lock: it sees what whoever held the lock has recorded.
    const cards = await trx('cards as c')
      .whereIn(
        'c.id',
        standing.map((card) => card.id),
      )
      .whereNotExists(
        trx('audit_events as e')
          .whereRaw(`e.document_id = c.document_id and e.card_id = c.id and e.kind = 'card.replayed'`)
          .whereRaw(`e.at > clock_timestamp() - interval '1 minute'`),
      )
      .update({ desired_version: trx.raw('desired_version + 1'), shown_hash: null, wanted_at: trx.fn.now() })
      .returning(['id', 'lane_id', 'document_id']);
    await recordReplay(trx, actor, cards, () => installationId);
    await wake(trx, 'deliver-lane', lanesOf(cards));
    return { ...replayed, redrawn: cards.length };
  });
}

async function replayIn(trx: Knex.Transaction, actor: string, scope: ReplayScope): Promise<Replayed> {
  const { installationId, channel, documentIds, since } = scope;
  const lanes = trx('lanes').where({
    ...(installationId ? { installation_id: installationId } : {}),
    ...(channel ? { channel } : {}),
  });
  const dead = trx('cards').where({ state: 'dead' }).whereIn('lane_id', lanes.clone().select('id'));
  const deadLines = trx('thread_lines').where({ state: 'dead' }).whereIn('lane_id', lanes.clone().select('id'));
  if (documentIds) {
    dead.whereIn('document_id', documentIds);
    deadLines.whereIn('card_id', trx('cards').select('id').whereIn('document_id', documentIds));
  }
  if (since) {
    dead.whereExists(
      trx('audit_events as e').whereRaw(`e.card_id = cards.id and e.kind = 'card.dead'`).where('e.at', '>=', since),
    );
    deadLines.where('wanted_at', '>=', since);
  }
  const { cards, threadLines, places } = await revive(trx, actor, dead, deadLines);
  const decisions = await replayDecisions(trx, actor, scope);
  const notes = await replayNotes(trx, actor, scope);
  return { cards: cards.length, threadLines, decisions, notes, channels: channelsOf(places, cards) };
}

/** Brings back the dead cards and thread lines that the two queries pick: where a message stands it is redrawn, else posted. */
export async function revive(
  trx: Knex.Transaction,
  actor: string | null,
  dead: Knex.QueryBuilder,
  deadLines: Knex.QueryBuilder,
): Promise<{ cards: Touched[]; threadLines: number; places: Place[] }> {
  const lines: Array<{ lane_id: string }> = await deadLines
    .update({ state: 'pending', batch: null, last_error: null })
    .returning(['lane_id']);
  const cards: Touched[] = await dead
    .update({
      state: trx.raw(`case when message_id is null then 'pending' else 'posted' end`),
      desired_version: trx.raw('desired_version + 1'),
      attempts: 0,
      dead_reason: null,
      dead_code: null,
      last_error: null,
    })
    .returning(['id', 'lane_id', 'document_id']);
  const touched = lanesOf([...cards, ...lines]);
  const places: Place[] = await trx('lanes')
    .whereIn('id', touched)
    .update({ next_attempt_at: '-infinity', attempts: 0 })
    .returning(['id', 'channel', 'installation_id']);
  const byLane = new Map(places.map((place) => [String(place.id), place]));
  await recordReplay(trx, actor, cards, (card) => byLane.get(String(card.lane_id))?.installation_id ?? null);
  await wake(trx, 'deliver-lane', touched);
  return { cards, threadLines: lines.length, places };
}

interface Place {
  id: string;
  channel: string;
  installation_id: string;
}

interface Touched {
  id: string;
  lane_id: string;
  document_id: string | null;
}

const lanesOf = (rows: Array<{ lane_id: string }>) => [...new Set(rows.map((row) => String(row.lane_id)))].sort();

function recordReplay(
  trx: Knex,
  actor: string | null,
  cards: Touched[],
  installationOf: (card: Touched) => string | null,
): Promise<void> {
  return recordEvents(
    trx,
    cards.map((card) => ({
      kind: 'card.replayed',
      installationId: installationOf(card),
      documentId: card.document_id,
      cardId: String(card.id),
      actor,
    })),
  );
}

function channelsOf(places: Place[], cards: Touched[]): Replayed['channels'] {
  return places
    .map(({ id, channel }) => ({ channel, cards: cards.filter((card) => String(card.lane_id) === String(id)).length }))
    .filter((place) => place.cards > 0)
    .sort((a, b) => b.cards - a.cards || a.channel.localeCompare(b.channel));
}
