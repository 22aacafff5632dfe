import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { Lane } from './lane-rows.ts';
import { paceMs } from './records.ts';
import type { ThreadLine } from './thread.ts';
import type { Work } from './work.ts';

export const mayStandTwice =
  'An earlier message got no answer and the thread may not be read, so it may stand there twice.';

/** Thread lines that travel together in one message. */
export interface Batch {
  id: string;
  /** True where an earlier try may stand in the thread. */
  mayStand: boolean;
  /** True where an earlier try may stand there and could not be looked for: no third is made. */
  repeated: boolean;
  triedAt: Date;
  lines: ThreadLine[];
}

/** Takes the lines of a card's thread: those of a try whose end is unknown first, else all that wait, marked as being posted. */
export async function takeBatch(db: Knex, work: Work): Promise<Batch | undefined> {
  const begun = await db('thread_lines')
    .where({ card_id: work.cardId })
    .whereIn('state', ['posting', 'uncertain'])
    .orderBy('id')
    .select('batch', 'line', 'attempt_started_at');
  const first = begun[0];
  if (first) {
    const lines = begun.filter((row) => row.batch === first.batch).map((row) => row.line as ThreadLine);
    return { id: String(first.batch), mayStand: true, repeated: false, triedAt: first.attempt_started_at, lines };
  }
  const id = randomUUID();
  const taken = await db('thread_lines')
    .where({ card_id: work.cardId, state: 'pending' })
    .update({ state: 'posting', batch: id, attempt_started_at: db.raw('clock_timestamp()') })
    .returning(['id', 'line', 'attempt_started_at', 'last_error']);
  if (taken.length === 0) return undefined;
  taken.sort((a, b) => Number(a.id) - Number(b.id));
  return {
    id,
    mayStand: false,
    repeated: taken.some((row) => row.last_error === mayStandTwice),
    triedAt: taken[0].attempt_started_at,
    lines: taken.map((row) => row.line as ThreadLine),
  };
}

/** Stores how the try ended. `pending` puts the lines back in the row; `posted` starts the lane's next pause. */
export async function recordBatch(
  db: Knex,
  lane: Lane,
  work: Work,
  batch: Batch,
  end: { state: 'posted' | 'pending' | 'uncertain' | 'dead'; messageId?: string; problem?: string },
): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('thread_lines')
      .where({ batch: batch.id })
      .update({ state: end.state, message_id: end.messageId ?? null, last_error: end.problem ?? null });
    if (end.state !== 'posted' && end.state !== 'dead') return;
    await trx('lanes')
      .where({ id: lane.id })
      .update({
        attempts: 0,
        last_error: null,
        next_send_at: trx.raw(`clock_timestamp() + ${paceMs} * interval '1 ms'`),
      });
    await recordEvents(trx, [
      {
        kind: end.state === 'posted' ? 'thread.posted' : 'thread.dead',
        installationId: lane.installationId,
        connectionId: work.connectionId,
        ...(work.documentId ? { documentId: work.documentId } : {}),
        cardId: work.cardId,
        data: {
          lines: batch.lines.length,
          message: end.messageId ?? null,
          ...(end.problem ? { reason: end.problem } : {}),
        },
      },
    ]);
  });
}
