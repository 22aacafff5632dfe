import type { Knex } from 'knex';
import { type ControlResult, lastControls } from '../control/result.ts';
import { readsOnlyWhatIsAsked } from '../documents/exceptions.ts';
import { nextRun } from '../domain/cadence.ts';
import { type BudgetOf, type CallsUsed, readCallsUsed } from '../metering/used.ts';
import type { OutboundCount } from '../outbound/metrics.ts';
import type { PaceFigures } from '../outbound/pace.ts';
import { readPace } from './pace.ts';

export interface FeedStatus {
  kind: string;
  cadence: string;
  lastReadAt: Date | null;
  /** When it is read next; null while nothing reads it. */
  nextReadAt: Date | null;
  lastError: string | null;
  /** What is odd about what is read, while it is read. */
  notice?: string | null;
}

export interface StatusReport {
  processes: {
    id: string;
    host: string;
    pid: number;
    startedAt: Date;
    alive: boolean;
    /** What it has done since it started: `erpRequests` by host and outcome. */
    figures: { erpRequests?: OutboundCount[] };
  }[];
  installations: { workspace: string; name: string; state: string; reason: string | null }[];
  connections: {
    name: string;
    workspace: string;
    connector: string;
    status: string;
    problem: string | null;
    problemSince: Date | null;
    /** What it uses of its limits; null where nothing has spoken to its ERP. */
    pace: PaceFigures | null;
    /** The calls that its ERP bills; null where it bills none. */
    calls: CallsUsed | null;
    feeds: FeedStatus[];
    /** How the last comparison with its ERP ended; absent before the first. */
    compared?: ControlResult | undefined;
  }[];
  /** Channels that something waits for. */
  lanes: {
    workspace: string;
    channel: string;
    cards: number;
    threadLines: number;
    nextAttemptAt: Date | null;
    lastError: string | null;
  }[];
  /** Routes that gather their documents: how many wait for which tick, and when the last digest was made. */
  digests: {
    connection: string;
    route: string;
    channel: string;
    cadence: string;
    waiting: number;
    /** Null while the connection is paused or its workspace gone. */
    nextAt: Date | null;
    lastAt: Date | null;
  }[];
  /** Documents known, by kind. */
  documents: Record<string, number>;
  cards: Record<string, number>;
  deadCards: { channel: string; reason: string; error: string | null; count: number }[];
  decisions: Record<string, number>;
  /** Messages and decisions to be written into an ERP's note. */
  notes: Record<string, number>;
  deadDecisions: { id: string; action: string; person: string; reference: string; message: string | null }[];
  /** Posts whose answer never came: in all, and those that nobody has settled yet. */
  unclearPosts: { everSeen: number; open: number };
  audit: { events: string; unsealed: string; seals: string; head: string | null };
}

const deadListed = 20;

/** What concerns one installation, and the processes that serve it. */
export type InstallationStatus = Omit<StatusReport, 'audit'>;

/** How all of it is doing, from one consistent view of the database. */
export function readStatus(db: Knex, budgetOf: BudgetOf): Promise<StatusReport> {
  return fromOneView(db, async (trx) => ({ ...(await readParts(trx, budgetOf, null)), audit: await audit(trx) }));
}

/** How one installation is doing; the audit record, which belongs to all, is left out. */
export function readInstallationStatus(
  db: Knex,
  installationId: string,
  budgetOf: BudgetOf,
): Promise<InstallationStatus> {
  return fromOneView(db, (trx) => readParts(trx, budgetOf, installationId));
}

function fromOneView<T>(db: Knex, read: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  return db.transaction(read, { isolationLevel: 'repeatable read', readOnly: true });
}

async function readParts(trx: Knex, budgetOf: BudgetOf, only: string | null): Promise<InstallationStatus> {
  return {
    processes: await processes(trx),
    installations: await installations(trx, only),
    connections: await connections(trx, budgetOf, only),
    digests: await digests(trx, only),
    ...(await delivery(trx, only)),
    ...(await decided(trx, only)),
  };
}

function processes(db: Knex): Promise<StatusReport['processes']> {
  return db('processes')
    .orderBy('started_at')
    .select(
      'id',
      'host',
      'pid',
      'started_at as startedAt',
      'figures',
      db.raw('alive_until > clock_timestamp() as alive'),
    );
}

function installations(db: Knex, only: string | null): Promise<StatusReport['installations']> {
  return db('installations')
    .where(only ? { id: only } : {})
    .orderBy('installed_at')
    .select('slack_key as workspace', 'name', 'state', 'state_reason as reason');
}

async function connections(db: Knex, budgetOf: BudgetOf, only: string | null): Promise<StatusReport['connections']> {
  const rows = await db('connections as c')
    .join('installations as i', 'i.id', 'c.installation_id')
    .where(only ? { 'i.id': only } : {})
    .orderBy(['i.slack_key', 'c.name'])
    .select('c.id', 'c.name', 'i.slack_key as workspace', 'i.state', 'c.connector', 'c.time_zone', 'c.status')
    .select('c.problem', 'c.problem_since as problemSince', 'c.settings');
  const feeds = await db('feeds')
    .whereIn(
      'connection_id',
      rows.map((row) => row.id),
    )
    .whereRaw(readsOnlyWhatIsAsked)
    .orderBy('id');
  const pace = await readPace(db);
  const calls = await readCallsUsed(db, rows, budgetOf);
  const controls = await lastControls(
    db,
    rows.map((row) => row.id),
  );
  return rows.map(({ id, state, time_zone: timeZone, settings: _, ...connection }) => {
    const isRead = state === 'active' && connection.status !== 'paused';
    return {
      ...connection,
      pace: pace.get(id) ?? null,
      calls: calls.get(id) ?? null,
      compared: controls.get(id),
      feeds: feeds
        .filter((feed) => feed.connection_id === id)
        .map((feed) => ({
          kind: feed.kind,
          cadence: feed.cadence,
          lastReadAt: feed.last_read_at,
          nextReadAt: isRead ? (feed.next_attempt_at ?? feed.due_at ?? nextRun(feed.cadence, timeZone)) : null,
          lastError: feed.last_error,
          notice: feed.notice,
        })),
    };
  });
}

async function digests(db: Knex, only: string | null): Promise<StatusReport['digests']> {
  const rows = await db('routes as r')
    .join('connections as n', 'n.id', 'r.connection_id')
    .join('installations as i', 'i.id', 'n.installation_id')
    .leftJoin('route_digests as t', 't.route_id', 'r.id')
    .where({ 'r.retired_at': null, ...(only ? { 'i.id': only } : {}) })
    .whereNotNull('r.digest_cadence')
    .orderBy(['n.name', 'r.position', 'r.id'])
    .select('n.name as connection', 'r.name as route', 'r.channel', 'r.digest_cadence as cadence')
    .select('t.due_at', 't.last_at as lastAt', 'n.time_zone', 'n.status', 'i.state')
    .select(
      db.raw(
        `(select count(*)::int from cards c where c.route_id = r.id and c.state = 'digested' and c.digest_id is null) as waiting`,
      ),
    );
  return rows.map(({ due_at: dueAt, time_zone: timeZone, status, state, ...row }) => ({
    ...row,
    nextAt: state === 'active' && status !== 'paused' ? (dueAt ?? nextRun(row.cadence, timeZone)) : null,
  }));
}

async function delivery(
  db: Knex,
  only: string | null,
): Promise<Pick<StatusReport, 'lanes' | 'documents' | 'cards' | 'deadCards' | 'unclearPosts'>> {
  // The conditions are those of the partial indexes, so that this stays cheap however many cards there are.
  const lanes = await db.raw<{ rows: StatusReport['lanes'] }>(
    `with waiting as (
       select lane_id, count(*)::int as cards, 0 as lines from cards
       where state in ('pending', 'posting', 'uncertain') or (state = 'posted' and posted_version < desired_version)
       group by lane_id
       union all
       select lane_id, 0, count(*)::int from thread_lines
       where state in ('pending', 'posting', 'uncertain') group by lane_id
     )
     select i.slack_key as workspace, l.channel, sum(w.cards)::int as cards, sum(w.lines)::int as "threadLines",
       case when l.next_attempt_at > clock_timestamp() then l.next_attempt_at end as "nextAttemptAt",
       l.last_error as "lastError"
     from waiting w join lanes l on l.id = w.lane_id join installations i on i.id = l.installation_id
     where :only::uuid is null or i.id = :only
     group by l.id, i.id order by sum(w.cards) desc, l.channel`,
    { only },
  );
  const ofLanes = (query: Knex.QueryBuilder) =>
    only && query.whereIn('lane_id', db('lanes').select('id').where({ installation_id: only }));
  const cards = await countBy(db('cards').modify(ofLanes), 'state');
  const deadCards = await db('cards as c')
    .join('lanes as l', 'l.id', 'c.lane_id')
    .where('c.state', 'dead')
    .where(only ? { 'l.installation_id': only } : {})
    .groupBy('l.channel', 'c.dead_reason', 'c.last_error')
    .orderBy('count', 'desc')
    .limit(deadListed)
    .select('l.channel', db.raw(`coalesce(c.dead_reason, 'unknown') as reason`), 'c.last_error as error')
    .select(db.raw('count(*)::int as count'));
  const unclear = await db('cards').modify(ofLanes).sum({ seen: 'unclear_posts' }).first();
  return {
    lanes: lanes.rows,
    documents: await countBy(db('documents').modify(ofConnections(db, only)), 'kind'),
    cards,
    deadCards,
    unclearPosts: { everSeen: Number(unclear?.seen ?? 0), open: cards.uncertain ?? 0 },
  };
}

async function decided(
  db: Knex,
  only: string | null,
): Promise<Pick<StatusReport, 'decisions' | 'notes' | 'deadDecisions'>> {
  const all = () =>
    db('decisions as x').join('documents as d', 'd.id', 'x.document_id').modify(ofConnections(db, only));
  const deadDecisions = await all()
    .where('x.state', 'dead')
    .orderBy('x.id', 'desc')
    .limit(deadListed)
    .select('x.id', 'x.action', 'x.person', 'd.reference', 'x.message');
  const notes = db('notes as o').join('documents as d', 'd.id', 'o.document_id').modify(ofConnections(db, only));
  return { decisions: await countBy(all(), 'state'), notes: await countBy(notes, 'state'), deadDecisions };
}

const ofConnections = (db: Knex, only: string | null) => (query: Knex.QueryBuilder) =>
  only && query.whereIn('connection_id', db('connections').select('id').where({ installation_id: only }));

async function audit(db: Knex): Promise<StatusReport['audit']> {
  const { rows } = await db.raw<{ rows: [StatusReport['audit']] }>(
    `with head as (select id, to_id, hash from audit_seals order by id desc limit 1)
     select (select count(*) from audit_events)::text as events,
       (select count(*) from audit_events where id > coalesce((select to_id from head), 0))::text as unsealed,
       coalesce((select id from head), 0)::text as seals, (select hash from head) as head`,
  );
  return rows[0];
}

async function countBy(query: Knex.QueryBuilder, column: string): Promise<Record<string, number>> {
  const rows: Array<{ name: string; count: number }> = await query
    .groupBy(column)
    .orderBy(column)
    .select(`${column} as name`)
    .count('* as count');
  return Object.fromEntries(rows.map(({ name, count }) => [name, Number(count)]));
}
