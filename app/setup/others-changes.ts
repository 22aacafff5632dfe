import type { Knex } from 'knex';

/** One change of a connection: who made it (null: the app), when, and what it was, in the words of the audit record. */
export interface OthersChange {
  by: string | null;
  at: string;
  lines: string[];
}

const shown = 3;
/** How far back is looked at most. */
const lookBack = 100_000;

/** Where the audit record stands now: what is changed later has a higher number. */
export async function auditMark(db: Knex): Promise<string> {
  const row = await db('audit_events').max('id as newest').first();
  return String(row?.newest ?? 0);
}

/** What was changed of a connection's set-up since a mark, newest first. */
export async function othersChanges(db: Knex, connectionId: string, since: string): Promise<OthersChange[]> {
  const rows = await db('audit_events')
    .where('id', '>', since)
    .where('id', '>', db.raw(`(select coalesce(max(id), 0) - ${lookBack} from audit_events)`))
    .where({ connection_id: connectionId })
    .whereIn('kind', [
      'connection.added',
      'connection.changed',
      'connection.resumed',
      'feed.added',
      'feed.changed',
      'feed.removed',
    ])
    .orderBy('id', 'desc')
    .limit(shown)
    .select('actor', 'at', 'data');
  return rows.map(({ actor, at, data }) => ({
    by: actor,
    at: at.toISOString(),
    lines: Array.isArray(data.changes) ? data.changes.filter((line: unknown) => typeof line === 'string') : [],
  }));
}
