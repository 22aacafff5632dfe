import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { CustomFieldOffered } from '../domain/custom.ts';
import type { DocumentKind } from '../domain/document.ts';
import { wake } from '../queue/wake.ts';
import type { ConnectionPool } from './open.ts';

/** What is known is good enough for so long: somebody fills in a form. */
const freshMs = 60_000;
const lookEveryMs = 100;

interface Feed {
  id: string;
  offered_fields: CustomFieldOffered[] | null;
  is_fresh: boolean;
}

/** The `learn-fields` task: asks the ERP which custom fields the form for a feed's documents has, and keeps the answer. */
export async function learnFields(
  { db, connections, log }: { db: Knex; connections: ConnectionPool; log: Logger },
  feedId: string,
  signal: AbortSignal,
): Promise<void> {
  const feed = await db('feeds').where({ id: feedId }).first('connection_id', 'kind');
  if (!feed) return;
  try {
    const { erp, row } = await connections.open(feed.connection_id);
    if (row.status === 'paused') return;
    const offered = (await erp.customFields?.(feed.kind, signal)) ?? null;
    await db('feeds')
      .where({ id: feedId })
      .update({
        offered_fields: offered && JSON.stringify(offered),
        offered_fields_at: db.raw('clock_timestamp()'),
      });
  } catch (error) {
    // Without an answer the form takes what is typed; whoever opens it next has the ERP asked again.
    log.debug('custom fields not learned', { feedId, problem: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * The custom fields that the ERP offers for a kind, asked for anew where they are not known or were learned a while ago.
 * Waits so long for the answer and then gives what is known; null: nothing is.
 */
export async function offeredFields(
  db: Knex,
  connectionId: string,
  kind: DocumentKind,
  patienceMs: number,
): Promise<CustomFieldOffered[] | null> {
  const read = (): Promise<Feed | undefined> =>
    db('feeds')
      .where({ connection_id: connectionId, kind })
      .first(
        db.raw('id::text as id'),
        'offered_fields',
        db.raw(`coalesce(offered_fields_at > clock_timestamp() - ? * interval '1 ms', false) as is_fresh`, [freshMs]),
      );
  let feed = await read();
  if (!feed || feed.is_fresh) return feed?.offered_fields ?? null;
  await wake(db, 'learn-fields', feed.id);
  const until = performance.now() + patienceMs;
  while (feed && !feed.is_fresh && performance.now() < until) {
    await sleep(lookEveryMs);
    feed = await read();
  }
  return feed?.offered_fields ?? null;
}
