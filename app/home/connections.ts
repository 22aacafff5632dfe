import type { Knex } from 'knex';
import { type ControlResult, lastControls } from '../control/result.ts';
import { controlWords } from '../control/words.ts';
import { readsOnlyWhatIsAsked } from '../documents/exceptions.ts';
import { nextRun } from '../domain/cadence.ts';
import type { DocumentKind } from '../domain/document.ts';
import { type CallsUsed, callsWords, readCallsUsed } from '../metering/used.ts';
import type { PaceFigures } from '../outbound/pace.ts';
import { matchedPeople } from '../people/count.ts';
import { paceWords, readPace } from '../status/pace.ts';
import type { HomeAsked } from './content.ts';
import { clampPage, type Paged } from './paging.ts';

const pageSize = 6;

export interface ConnectionHealth {
  id: string;
  name: string;
  erp: string;
  status: 'active' | 'paused' | 'broken';
  problem: string | null;
  /** What to do about the problem. */
  advice: string | null;
  problemSince: string | null;
  /** What it uses of its ERP's limits, in words; null where nothing has spoken to it. */
  pace: string | null;
  /** The calls that its ERP bills, in words; null where it bills none. `problem`: why it is not read now. */
  calls: { words: string; problem: string | null } | null;
  /** Whether its ERP can push at all. */
  takesPushes: boolean;
  /** Null where no pushes were set up. */
  push: { lastPushAt: string | null; problem: string | null } | null;
  /** It waits for somebody to consent on the ERP's page. */
  toConnect: boolean;
  /** How the last comparison with its ERP ended; absent before the first. */
  compared?: { at: string; words: string; isTrouble: boolean } | undefined;
  feeds: Array<{
    kind: DocumentKind;
    /** ISO instants. */
    lastReadAt: string | null;
    nextReadAt: string | null;
    /** It should have been read since: the reading fails. */
    isBehind: boolean;
    error: string | null;
    /** What is odd about what is read, while it is read. */
    notice?: string | null;
  }>;
  /** Who of its people is known in Slack; null where there are none to be matched, or not yet. */
  people: { matched: number; unmatched: number; problem: string | null } | null;
}

/** An installation's connections with how they are doing, those in trouble first. */
export async function readConnections(db: Knex, asked: HomeAsked): Promise<Paged<ConnectionHealth>> {
  const { installationId, pages, erpTitle, canPush, budgetOf, locale, now } = asked;
  const all = () => db('connections').where({ installation_id: installationId });
  const counted = await all().count('* as total').first();
  const total = Number(counted?.total ?? 0);
  const { page, pages: count } = clampPage(pages.connections, total, pageSize);
  const rows = await all()
    .orderByRaw(`status <> 'broken', status <> 'paused', lower(name)`)
    .limit(pageSize)
    .offset(page * pageSize)
    .select('id', 'name', 'connector', 'time_zone', 'status', 'problem', 'problem_field', 'problem_since')
    .select('settings');
  const feeds = await db('feeds')
    .whereIn(
      'connection_id',
      rows.map((row) => row.id),
    )
    .whereRaw(readsOnlyWhatIsAsked)
    .orderBy('id');
  const people = await matchedPeople(
    db,
    rows.map((row) => row.id),
  );
  const pace = await readPace(db);
  const calls = await readCallsUsed(db, rows, budgetOf, now);
  const controls = await lastControls(
    db,
    rows.map((row) => row.id),
  );
  const pushes = await db('push_endpoints').whereIn(
    'id',
    rows.map((row) => row.id),
  );
  const items = rows.map(
    (row): ConnectionHealth => ({
      id: row.id,
      name: row.name,
      erp: erpTitle(row.connector),
      status: row.status,
      problem: row.status === 'broken' ? row.problem : null,
      advice: row.status === 'broken' ? adviceFor(row.problem_field) : null,
      toConnect: row.status === 'broken' && row.problem_field === 'consent',
      problemSince: row.status === 'broken' ? (row.problem_since?.toISOString() ?? null) : null,
      pace: wordsOf(pace.get(row.id)),
      calls: callsOf(calls.get(row.id), locale),
      takesPushes: canPush(row.connector),
      compared: comparedOf(controls.get(row.id), asked.locale),
      push: pushOf(pushes.find(({ id }) => id === row.id)),
      feeds: feeds
        .filter((feed) => feed.connection_id === row.id)
        .map((feed) => ({
          kind: feed.kind,
          lastReadAt: feed.last_read_at?.toISOString() ?? null,
          nextReadAt: row.status === 'paused' ? null : nextRead(feed, row.time_zone),
          isBehind: row.status === 'broken' || (row.status === 'active' && feed.attempts > 0),
          // What all of it waits for is said once.
          error: row.status === 'active' && feed.last_error !== calls.get(row.id)?.problem ? feed.last_error : null,
          notice: row.status === 'active' ? feed.notice : null,
        })),
      people: people.get(row.id) ?? null,
    }),
  );
  return { items, total, page, pages: count, size: pageSize };
}

const wordsOf = (figures?: PaceFigures) => (figures ? paceWords(figures) : null);

function callsOf(used: CallsUsed | undefined, locale: string): ConnectionHealth['calls'] {
  return used ? { words: callsWords(used, locale), problem: used.problem } : null;
}

function comparedOf(result: ControlResult | undefined, locale: string): ConnectionHealth['compared'] {
  if (!result) return undefined;
  const isTrouble = result.problem !== null || result.still > 0;
  return { at: result.finishedAt.toISOString(), words: controlWords(result, locale), isTrouble };
}

function pushOf(row?: { last_push_at: Date | null; problem: string | null }): ConnectionHealth['push'] {
  return row ? { lastPushAt: row.last_push_at?.toISOString() ?? null, problem: row.problem } : null;
}

interface FeedRow {
  cadence: string;
  /** Of summaries: their calendar is not told by the cadence alone. */
  due_at: Date | null;
  next_attempt_at: Date | null;
  attempts: number;
}

function nextRead(feed: FeedRow, timeZone: string): string | null {
  const next = feed.attempts > 0 ? feed.next_attempt_at : (feed.due_at ?? nextRun(feed.cadence, timeZone));
  return next?.toISOString() ?? null;
}

const advices: Record<string, string> = {
  site: 'Check the address: open it in a browser, and see that this machine may reach it.',
  address: 'Check the address: open it in a browser, and see that this machine may reach it.',
  certificate: 'Have its certificate renewed, or name its authority to the app (ERP_CA_FILE).',
  client_id: 'Check the client ID and its secret in the ERP; Edit enters them anew.',
  endpoint: 'Check the endpoint’s name and version in the ERP’s web services.',
  version: 'Check the endpoint’s name and version in the ERP’s web services.',
  tenant: 'Check the company’s name as it stands on the ERP’s sign-in page.',
  login: 'Check user name, password and that the account is not locked; Edit enters them anew.',
  rights: 'Give the app’s ERP user the right that is named above.',
};

function adviceFor(field: string | null): string {
  if (field === 'consent')
    return 'Press Connect, and sign in there as the user that the app is to read with. Nothing is lost meanwhile.';
  const what = (field && advices[field]) ?? 'See that the ERP runs and that its account for the app still works.';
  return `${what} It is tried again every five minutes, and nothing is lost meanwhile.`;
}
