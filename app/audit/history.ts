import type { Knex } from 'knex';

export interface HistoryEvent {
  kind: string;
  at: Date;
  actor: string | null;
  data: Record<string, unknown>;
}

/** A document's newest events, oldest of them first, and how many there are in all. */
export async function documentHistory(
  db: Knex,
  documentId: string,
  limit: number,
): Promise<{ total: number; events: HistoryEvent[] }> {
  const count = await db('audit_events').where({ document_id: documentId }).count('* as total').first();
  const events = await db('audit_events')
    .where({ document_id: documentId })
    .orderBy('id', 'desc')
    .limit(limit)
    .select('kind', 'at', 'actor', 'data');
  return { total: Number(count?.total ?? 0), events: events.reverse() };
}
