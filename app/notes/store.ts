import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import { cardAt, type Spot } from '../cards/standing.ts';
import { wake, wakeSql } from '../queue/wake.ts';
import type { Said } from './said.ts';

export type StoredNote = 'stored' | 'already_stored' | 'already_recorded' | 'no_card' | 'digest';

/**
 * Stores that a message of a card's thread is to be written into the ERP, and wakes the job: once, whether it was asked
 * for by a mention or from the menu and however often. One that was refused or could not be written is opened again.
 */
export async function storeNote(db: Knex, spot: Spot, said: Said): Promise<StoredNote> {
  const card = await cardAt(db, spot);
  if (!card) return 'no_card';
  const { documentId, cardId, installationId, connectionId } = card;
  if (!documentId) return 'digest';
  return db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: Array<{ opened: boolean; state: string }> }>(
      `with stored as (
         insert into notes (note_key, document_id, card_id, person, said)
         values (:key, :documentId, :cardId, :person, :said::jsonb)
         on conflict (note_key) do update set state = 'stored', person = excluded.person, message = null, attempts = 0,
           next_attempt_at = null, finished_at = null, told_at = null
           where notes.state in ('refused', 'dead')
         returning state
       )
       select true as opened, state from stored
       union all
       select false, state from notes where note_key = :key and not exists (select 1 from stored)`,
      {
        key: `message:${installationId}:${spot.channel}:${spot.messageId}`,
        documentId,
        cardId,
        person: spot.person,
        said: JSON.stringify(said),
      },
    );
    const [row] = rows;
    if (!row?.opened) return row?.state === 'done' ? 'already_recorded' : 'already_stored';
    const data = { files: said.files.length };
    await recordEvents(trx, [
      { kind: 'note.stored', installationId, connectionId, documentId, cardId, actor: spot.person, data },
    ]);
    await wake(trx, 'record-notes', documentId);
    return 'stored';
  });
}

/** Has the notes of a document looked at that waited for its decision. */
export async function wakeNotes(db: Knex, documentId: string): Promise<void> {
  await db.raw(
    `select ${wakeSql('record-notes', 'document_id')} from (
       select distinct document_id from notes where document_id = ? and state in ('stored', 'acting')) as open_notes`,
    [documentId],
  );
}

/** Stores that a decision which was carried out is to be written into the ERP's note, where its route says so. */
export async function storeDecisionNote(trx: Knex.Transaction, { id }: { id: string }): Promise<void> {
  await trx.raw(
    `insert into notes (note_key, document_id, card_id, decision_id, person)
     select 'decision:' || x.id, x.document_id, x.card_id, x.id, x.person
     from decisions x join cards c on c.id = x.card_id join routes r on r.id = c.route_id
     where x.id = ? and r.note_decisions
     on conflict do nothing`,
    [id],
  );
}
