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

/** Where a page of a history ends on one side: before or after this event. Without one, the newest. */
export type HistoryEdge = { before: string } | { after: string } | undefined;

export interface HistoryPage {
  /** Oldest first. */
  events: HistoryEvent[];
  /** Where the pages beside this one begin; undefined where there are none. */
  older: HistoryEdge;
  newer: HistoryEdge;
}

/** One page of a document's events. New events never move what a page shows. */
export async function historyPage(
  db: Knex,
  documentId: string,
  edge: HistoryEdge,
  limit: number,
): Promise<HistoryPage> {
  const upwards = edge !== undefined && 'after' in edge;
  const query = db('audit_events')
    .where({ document_id: documentId })
    .orderBy('id', upwards ? 'asc' : 'desc')
    .limit(limit + 1)
    .select('id', 'kind', 'at', 'actor', 'data');
  if (edge) query.where('id', upwards ? '>' : '<', 'after' in edge ? edge.after : edge.before);
  const found = await query;
  const more = found.length > limit;
  const rows = upwards ? found.slice(0, limit) : found.slice(0, limit).reverse();
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    events: rows.map(({ kind, at, actor, data }) => ({ kind, at, actor, data })),
    older: first && (upwards || more) ? { before: String(first.id) } : undefined,
    newer: last && edge && (!upwards || more) ? { after: String(last.id) } : undefined,
  };
}
