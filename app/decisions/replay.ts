import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import { redrawAtOnce } from '../documents/redraw.ts';
import { wake } from '../queue/wake.ts';

export interface DecisionScope {
  installationId?: string | undefined;
  channel?: string | undefined;
  documentIds?: string[] | undefined;
  /** Only those that died then or later. */
  since?: Date | undefined;
}

/**
 * Opens dead decisions again. One that had asked the ERP is settled by reading first, so nothing is done twice. Left
 * alone: what was decided on since, and all but the newest of the same person's same decision on a document.
 */
export async function replayDecisions(trx: Knex.Transaction, actor: string, scope: DecisionScope): Promise<number> {
  const result = await trx.raw<{
    rows: Array<{ id: string; document_id: string; card_id: string; connection_id: string; installation_id: string }>;
  }>(
    `with picked as (
       select distinct on (x.document_id, x.person, x.action) x.id, d.connection_id, l.installation_id
       from decisions x join cards c on c.id = x.card_id join lanes l on l.id = c.lane_id
       join documents d on d.id = x.document_id
       where x.state = 'dead'
         and (:installationId::uuid is null or l.installation_id = :installationId)
         and (:channel::text is null or l.channel = :channel)
         and (:documentIds::bigint[] is null or x.document_id = any(:documentIds))
         and (:since::timestamptz is null or x.finished_at >= :since)
         and not exists (select 1 from decisions y where y.document_id = x.document_id and (
           (y.state = 'done' and y.id > x.id)
           or (y.state in ('stored', 'acting') and y.person = x.person and y.action = x.action)))
       order by x.document_id, x.person, x.action, x.id desc
     )
     update decisions set state = 'stored', outcome = null, message = null, message_parts = null, attempts = 0, next_attempt_at = null,
       lease_owner = null, finished_at = null, told_at = null
     from picked where decisions.id = picked.id and decisions.state = 'dead'
     returning decisions.id, decisions.document_id, decisions.card_id, picked.connection_id, picked.installation_id`,
    {
      installationId: scope.installationId ?? null,
      channel: scope.channel ?? null,
      documentIds: scope.documentIds ?? null,
      since: scope.since ?? null,
    },
  );
  await recordEvents(
    trx,
    result.rows.map((row) => ({
      kind: 'decision.replayed',
      installationId: row.installation_id,
      connectionId: row.connection_id,
      documentId: row.document_id,
      cardId: row.card_id,
      decisionId: row.id,
      actor,
    })),
  );
  const documents = [...new Set(result.rows.map((row) => String(row.document_id)))].sort();
  await redrawAtOnce(trx, documents);
  await wake(trx, 'decide', documents);
  return result.rows.length;
}
