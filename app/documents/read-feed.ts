import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { Cursor, Page } from '../../connectors/connector.ts';
import { recordEvents } from '../audit/record.ts';
import { markBroken, markWorking, scopeOf } from '../connections/health.ts';
import { type ConnectionPool, type ConnectionRow, releasedApart } from '../connections/open.ts';
import { loadRoutes } from '../connections/routes.ts';
import type { DocumentKind } from '../domain/document.ts';
import { PermanentError, ReconnectError, RetryableError } from '../domain/errors.ts';
import { documentWords } from '../domain/kinds.ts';
import { leaseIsFree, type ProcessLease } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';
import { checkGone } from './check.ts';
import { checkLeftOut, readsOnlyWhatIsAsked } from './exceptions.ts';
import { type FeedScope, storeDocuments } from './store.ts';

interface FeedRow {
  id: string;
  connection_id: string;
  kind: DocumentKind;
  cursor: Cursor | null;
  attempts: number;
  /** The newest push that asked for this reading; null: the cadence did. */
  asked_at: string | null;
}

export interface ReadFeedDeps {
  db: Knex;
  lease: ProcessLease;
  connections: ConnectionPool;
  log: Logger;
}

const longestWaitMs = 5 * 60_000;

/**
 * Reads one feed from its cursor to its end. Each page is one transaction with all that follows from it, so a crash
 * re-reads at most one page. Does nothing where another process reads it, where it waits after an error, or where the
 * connection is paused or its workspace gone.
 */
export async function readFeed(deps: ReadFeedDeps, feedId: string, signal: AbortSignal): Promise<void> {
  const feed = await claimFeed(deps, feedId);
  if (!feed) return;
  let connection: ConnectionRow | undefined;
  try {
    const opened = await deps.connections.open(feed.connection_id);
    connection = opened.row;
    const scope: Omit<FeedScope, 'routes'> = {
      installationId: connection.installation_id,
      connectionId: connection.id,
      isFirstRead: feed.cursor === null,
      releasedApart: releasedApart(opened.connector),
    };
    let pages = 0;
    let documents = 0;
    let changed = 0;
    let unknownFields: string[] = [];
    let odd: string | null = null;
    for await (const page of opened.erp.read(feed.kind, feed.cursor, signal)) {
      changed += await storePage(deps, feed, scope, page);
      pages += 1;
      unknownFields = page.unknownFields ?? [];
      odd = page.notice ?? null;
      documents += page.documents.length;
    }
    const notices = [fieldsNotice(opened.connector.title, feed.kind, unknownFields), odd];
    const notice = notices.filter((each) => each !== null).join(' ') || null;
    await finishFeed(deps, feed, connection, { pages, documents, changed }, notice);
  } catch (error) {
    await failFeed(deps, feed, connection, error, signal);
  }
}

async function claimFeed({ db, lease }: ReadFeedDeps, feedId: string): Promise<FeedRow | undefined> {
  const result = await db.raw<{ rows: FeedRow[] }>(
    `update feeds set lease_owner = ?, last_started_at = clock_timestamp()
     where id = ? and kind <> 'summary' and ${leaseIsFree('lease_owner')} and (next_attempt_at is null or next_attempt_at <= clock_timestamp())
       and exists (select 1 from connections c join installations i on i.id = c.installation_id
                   where c.id = feeds.connection_id and c.status <> 'paused' and i.state = 'active')
       and ${readsOnlyWhatIsAsked}
     returning id, connection_id, kind, cursor, attempts, asked_at::text`,
    [lease.id, feedId],
  );
  return result.rows[0];
}

/** By the routes of this moment: a first reading takes long, and a route that is added meanwhile counts from then on. */
async function storePage(
  { db, lease }: ReadFeedDeps,
  feed: FeedRow,
  scope: Omit<FeedScope, 'routes'>,
  page: Page,
): Promise<number> {
  return db.transaction(async (trx) => {
    const kept = await trx('feeds')
      .where({ id: feed.id, lease_owner: lease.id })
      .update({ cursor: JSON.stringify(page.cursor) });
    if (kept === 0 || !lease.isGood()) throw new RetryableError('Another process took over reading this feed.');
    const routes = page.documents.length > 0 ? await loadRoutes(trx, scope.connectionId) : [];
    const { added, changed } = await storeDocuments(trx, { ...scope, routes }, page.documents);
    if (page.gone) await checkGone(trx, scope.connectionId, feed.kind, page.gone);
    if (page.whole) await checkLeftOut(trx, scope.connectionId, feed.kind, page.whole);
    return added + changed;
  });
}

async function finishFeed(
  { db, lease, log }: ReadFeedDeps,
  feed: FeedRow,
  connection: ConnectionRow,
  figures: { pages: number; documents: number; changed: number },
  notice: string | null,
): Promise<void> {
  await db.transaction(async (trx) => {
    const [ended] = await trx('feeds')
      .where({ id: feed.id, lease_owner: lease.id })
      .update({
        ...{ lease_owner: null, attempts: 0, next_attempt_at: null, last_error: null, problem_scope: null },
        last_read_at: trx.fn.now(),
        notice,
        asked_at: trx.raw(`nullif(asked_at, ?::timestamptz)`, [feed.asked_at]),
        // Found by the cadence: a push that is on its way has a minute to come.
        ...(figures.changed > 0 && feed.asked_at === null
          ? { push_missed_at: trx.raw('coalesce(push_missed_at, clock_timestamp())') }
          : {}),
      })
      .returning('asked_at');
    // A push that came while pages were read may tell of a change that they no longer held.
    if (ended?.asked_at) await wake(trx, 'read-feed', feed.id);
    if (figures.changed > 0) {
      await recordEvents(trx, [
        {
          kind: 'feed.read',
          installationId: connection.installation_id,
          connectionId: connection.id,
          data: { kind: feed.kind, ...figures },
        },
      ]);
    }
    if (connection.status === 'broken' && !(await otherFeedIsStuck(trx, feed))) await markWorking(trx, connection);
  });
  log.log(figures.changed > 0 ? 'info' : 'debug', 'feed read', {
    connection: connection.name,
    kind: feed.kind,
    ...figures,
  });
}

async function failFeed(
  { db, lease, log }: ReadFeedDeps,
  feed: FeedRow,
  connection: ConnectionRow | undefined,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (connection && (await wasSetUpAnew(db, connection))) {
    // What was wrong may be mended by that: it is tried at once, and nothing of this try is held against it.
    await db('feeds').where({ id: feed.id, lease_owner: lease.id }).update({ lease_owner: null });
    return wake(db, 'read-feed', feed.id);
  }
  const stopping = signal.aborted;
  const problem = error instanceof Error ? error : new Error(String(error));
  const needsPerson = problem instanceof ReconnectError || problem instanceof PermanentError;
  const wait = needsPerson ? longestWaitMs : waitFor(problem, feed.attempts);
  await db('feeds')
    .where({ id: feed.id, lease_owner: lease.id })
    .update(
      stopping
        ? { lease_owner: null }
        : {
            lease_owner: null,
            attempts: feed.attempts + 1,
            last_error: problem.message,
            problem_scope: needsPerson ? scopeOf(problem) : null,
            next_attempt_at: db.raw(`clock_timestamp() + ? * interval '1 ms'`, [wait]),
          },
    );
  if (stopping) return;
  await wake(db, 'read-feed', feed.id, wait);
  // The same failure again and again is one warning; each is counted in the row.
  const expected = needsPerson || problem instanceof RetryableError;
  log.log(feed.attempts === 0 ? 'warn' : 'debug', 'feed not read', {
    connection: connection?.name ?? feed.connection_id,
    kind: feed.kind,
    problem: problem.message,
    attempts: feed.attempts + 1,
    ...(expected ? {} : { error: problem }),
  });
  if (needsPerson && connection) await markBroken(db, connection, problem, feed.kind);
}

/** Whether it got other credentials, settings or a consent since it was opened. */
async function wasSetUpAnew(db: Knex, { id, updated_at }: ConnectionRow): Promise<boolean> {
  const row = await db('connections').where({ id }).first('updated_at');
  return row !== undefined && row.updated_at.getTime() !== updated_at.getTime();
}

/** What is odd about what was read, for whoever set the routes up; null: nothing. */
function fieldsNotice(erp: string, kind: DocumentKind, fields: string[]): string | null {
  if (fields.length === 0) return null;
  const [its, them] = fields.length === 1 ? ['the custom field', 'it'] : ['the custom fields', 'them'];
  const listed = fields.slice(0, 5).join(', ');
  return `${erp} has ${its} ${listed} no more, so cards of ${documentWords(kind).many} show nothing for ${them}. Edit the routes that name ${them}.`;
}

/** Whether a person still has to put something right that keeps another feed from being read. */
async function otherFeedIsStuck(db: Knex, { connection_id, id }: FeedRow): Promise<boolean> {
  const others = db('feeds').where({ connection_id, problem_scope: 'connection' }).whereNot({ id });
  return (await others.first('id')) !== undefined;
}

function waitFor(error: Error, attempts: number): number {
  const asked = error instanceof RetryableError ? (error.retryAfterMs ?? 0) : 0;
  const backoff = Math.min(longestWaitMs, 1_000 * 2 ** Math.min(attempts, 12));
  return Math.min(longestWaitMs, Math.max(asked, backoff * (0.8 + 0.4 * Math.random())));
}
