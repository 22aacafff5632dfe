import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { DecisionScope } from '../decisions/replay.ts';
import { wake } from '../queue/wake.ts';

/** Opens dead notes again. What may stand in the ERP already is looked for there first, so nothing is written twice. */
export async function replayNotes(trx: Knex.Transaction, actor: string, scope: DecisionScope): Promise<number> {
  const { rows } = await trx.raw<{
    rows: Array<{ document_id: string; card_id: string; connection_id: string; installation_id: string }>;
  }>(
    `update notes set state = 'stored', message = null, attempts = 0, next_attempt_at = null, lease_owner = null,
       finished_at = null, told_at = null
     from cards c join lanes l on l.id = c.lane_id, documents d
     where notes.state = 'dead' and c.id = notes.card_id and d.id = notes.document_id
       and (:installationId::uuid is null or l.installation_id = :installationId)
       and (:channel::text is null or l.channel = :channel)
       and (:documentIds::bigint[] is null or notes.document_id = any(:documentIds))
       and (:since::timestamptz is null or notes.finished_at >= :since)
     returning notes.document_id, notes.card_id, d.connection_id, l.installation_id`,
    {
      installationId: scope.installationId ?? null,
      channel: scope.channel ?? null,
      documentIds: scope.documentIds ?? null,
      since: scope.since ?? null,
    },
  );
  await recordEvents(
    trx,
    rows.map((row) => ({
      kind: 'note.replayed',
      installationId: row.installation_id,
      connectionId: row.connection_id,
      documentId: row.document_id,
      cardId: row.card_id,
      actor,
    })),
  );
  await wake(trx, 'record-notes', [...new Set(rows.map((row) => String(row.document_id)))].sort());
  return rows.length;
}
