import type { Knex } from 'knex';
import { type AuditEvent, recordEvents } from '../audit/record.ts';
import type { ThreadLine } from '../cards/thread.ts';
import { type Change, contentHash, describeChanges, substanceHash } from '../domain/changes.ts';
import type { DocumentKind, ErpDocument } from '../domain/document.ts';
import { exceptionNews } from '../domain/exceptions.ts';
import { type Route, routesFor } from '../domain/routing.ts';
import { resemblingBills } from '../guards/neighbours.ts';
import { wakeSql } from '../queue/wake.ts';
import { changedLines } from './changed-lines.ts';
import { bringBack } from './exceptions.ts';
import { ensureLanes } from './lanes.ts';
import { type DocumentLine, paidLines } from './paid.ts';
import { redrawDigests } from './redraw.ts';

export interface FeedScope {
  installationId: string;
  connectionId: string;
  routes: readonly Route[];
  /** The feed is read for the first time: what it says of other documents is history, and not told in their threads. */
  isFirstRead?: boolean;
  /** What the connector says of its kinds (`Feed.releasedApart`). */
  releasedApart?: ReadonlySet<DocumentKind>;
  /**
   * When the reading began, by the database's clock: what was stored before then is older, whatever the ERP's own times
   * say. They go backwards when its clock is put right or a backup is restored.
   */
  readFrom?: string;
}

/** Who caused a change that was not merely read: it is told as that decision, not as a bare change of status. */
export interface Cause {
  decisionId: string;
}

export interface Stored {
  added: number;
  changed: number;
  cards: number;
}

interface ChangedRow {
  id: string;
  key: string;
  version: number;
  before: ErpDocument | null;
  /** It waited for an approval that was not seen since. */
  unapproved: boolean;
}

/**
 * Stores documents, the cards they call for, thread lines and audit events, all in the caller's transaction.
 * Storing the same documents again changes nothing. An older reading never overwrites a newer one.
 */
export async function storeDocuments(
  trx: Knex.Transaction,
  scope: FeedScope,
  documents: readonly ErpDocument[],
  cause?: Cause,
): Promise<Stored> {
  const changed = await upsert(trx, scope, documents);
  if (changed.length === 0) return { added: 0, changed: 0, cards: 0 };
  const byKey = new Map(documents.map((document) => [document.key, document]));
  const rows = changed.flatMap((row) => {
    const document = byKey.get(row.key);
    return document ? [{ ...row, document, changes: row.before ? describeChanges(row.before, document) : [] }] : [];
  });
  const wanted = await cardsCalledFor(trx, scope, rows);
  const lines: DocumentLine[] = cause ? [] : changedLines(rows, scope.routes);
  const past = rows.filter(
    (row) => row.unapproved && isReleased(row.document) && row.before && !isReleased(row.before),
  );
  const told: ThreadLine = { type: 'unapproved', at: new Date().toISOString() };
  lines.push(...past.map((row) => ({ document_id: row.id, line: told })));
  if (!scope.isFirstRead) lines.push(...(await paidLines(trx, scope.connectionId, rows)));
  const own = new Set(rows.map(({ id }) => String(id)));
  const resembling = await resemblingBills(trx, scope.connectionId, rows);
  const cards = await wantCards(
    trx,
    wanted,
    [
      ...rows.flatMap((row) =>
        row.before ? [{ document_id: row.id, was: row.before.status, is: row.document.status }] : [],
      ),
      // They warn of what was just stored, or no longer do; their own state is as it was.
      ...resembling
        .filter(({ id }) => !own.has(id))
        .map(({ id, status }) => ({ document_id: id, was: status, is: status })),
    ],
    lines,
    scope.routes.flatMap(({ id, digestCadence }) => (digestCadence === null ? [] : [id])),
  );
  await bringBack(
    trx,
    rows.flatMap((row) => (exceptionNews(row.before, row.document) === 'again' ? row.id : [])),
  );
  await recordEvents(
    trx,
    rows.map((row) => toEvent(scope, row, cause)),
  );
  await recordEvents(
    trx,
    past.map((row) => ({
      kind: 'document.unapproved',
      installationId: scope.installationId,
      connectionId: scope.connectionId,
      documentId: row.id,
      data: { key: row.key, status: row.document.status },
    })),
  );
  const added = rows.filter((row) => !row.before).length;
  return { added, changed: rows.length - added, cards };
}

/** Wants the cards that one route calls for, of documents that were stored before it was there. Gives how many are new. */
export async function wantCardsBy(
  trx: Knex.Transaction,
  scope: FeedScope,
  routeId: string,
  rows: readonly StoredDocument[],
): Promise<number> {
  const wanted = await cardsCalledFor(trx, scope, rows);
  return wantCards(
    trx,
    wanted.filter((card) => card.route_id === routeId),
    [],
    [],
    [],
  );
}

interface StoredDocument {
  id: string;
  document: ErpDocument;
}

/** A document calls for one card in each channel that a route of its connection sends it to. */
async function cardsCalledFor(trx: Knex.Transaction, scope: FeedScope, rows: readonly StoredDocument[]) {
  const lanes = await ensureLanes(trx, scope);
  // Nobody is told of an exception that was over before anybody could be.
  const lasting = rows.filter(({ document }) => document.kind !== 'exception' || document.phase !== 'closed');
  return lasting.flatMap((row) =>
    routesFor(row.document, scope.routes).map((route) => ({
      document_id: row.id,
      route_id: route.id,
      lane_id: lanes.get(route.channel),
      // Gathered: it waits, in no digest yet, for the next tick of its route.
      state: route.digestCadence === null ? 'pending' : 'digested',
    })),
  );
}

const isReleased = ({ phase }: ErpDocument) => phase === 'posted' || phase === 'closed';

/**
 * Approving leads on from `waiting`: to `ready` where releasing is an act of its own, else to the ledger as well. What was
 * taken out of waiting another way is still unapproved when it is ready.
 */
const wasApproved = `documents.data ->> 'phase' = 'waiting'
  and excluded.data ->> 'phase' = any(case when :apart then array['ready'] else array['ready', 'posted', 'closed'] end)`;

/** After a longer silence (a pause, a stopped app) an approval may have been given unseen, so nothing can be said of it. */
const isReadRegularly = `exists (select 1 from feeds f where f.connection_id = :connectionId and f.kind = excluded.kind
  and f.last_read_at > clock_timestamp() - interval '30 minutes')`;

async function upsert(
  trx: Knex.Transaction,
  { connectionId, releasedApart, readFrom }: FeedScope,
  documents: readonly ErpDocument[],
): Promise<ChangedRow[]> {
  const kind = documents[0]?.kind;
  const incoming = documents.map((document) => ({
    kind: document.kind,
    key: document.key,
    reference: document.reference,
    status: document.status,
    hash: contentHash(document),
    substance: substanceHash(document),
    modified_at: document.modifiedAt,
    data: document,
  }));
  // The inner select still sees each row as it was before this statement; sorted so that two pages cannot deadlock.
  const result = await trx.raw<{ rows: ChangedRow[] }>(
    `with incoming as (
       select distinct on (key) * from jsonb_to_recordset(:incoming::jsonb) as i(
         kind text, key text, reference text, status text, hash text, substance text, modified_at timestamptz, data jsonb)
       order by key, modified_at desc nulls last
     ), changed as (
       insert into documents (connection_id, kind, key, reference, status, hash, substance, modified_at, data, approval)
       select :connectionId, kind, key, reference, status, hash, substance, modified_at, data,
         case when :apart and data ->> 'phase' = 'waiting' then 'waiting' end
       from incoming order by kind, key
       on conflict (connection_id, kind, key) do update set
         reference = excluded.reference, status = excluded.status, hash = excluded.hash, substance = excluded.substance,
         modified_at = excluded.modified_at, data = excluded.data, version = documents.version + 1,
         changed_at = clock_timestamp(), gone_at = null,
         approval = case when excluded.approval = 'waiting' then 'waiting' when ${wasApproved} then 'approved'
           when documents.status <> excluded.status and not ${isReadRegularly} then null else documents.approval end,
         approved_at = case when ${wasApproved} then clock_timestamp() else documents.approved_at end,
         approved = case when ${wasApproved} and documents.kind = 'bill' then excluded.data else documents.approved end
       where (documents.hash <> excluded.hash or documents.gone_at is not null)
         and (documents.modified_at is null or excluded.modified_at is null or excluded.modified_at >= documents.modified_at
           or greatest(documents.changed_at, documents.gone_at) < :readFrom::timestamptz)
       returning id, key, version, approval
     ), touched as (
       -- Touching a record is no change; when it was touched is kept, so that a change that was never read shows.
       select d.id, i.modified_at from documents d join incoming i on i.kind = d.kind and i.key = d.key
       where d.connection_id = :connectionId and d.hash = i.hash and d.gone_at is null and d.modified_at < i.modified_at
       for update of d skip locked
     ), noted as (
       update documents d set modified_at = t.modified_at from touched t where d.id = t.id
     )
     select changed.id, changed.key, changed.version, coalesce(changed.approval = 'waiting', false) as unapproved, before.data as before
     from changed left join documents before on before.id = changed.id
     order by changed.key`,
    {
      incoming: JSON.stringify(incoming),
      connectionId,
      readFrom: readFrom ?? null,
      apart: kind === 'bill' && (releasedApart?.has(kind) ?? false),
    } as Knex.ValueDict,
  );
  return result.rows;
}

async function wantCards(
  trx: Knex.Transaction,
  wanted: unknown[],
  changed: Array<{ document_id: string; was: string; is: string }>,
  lines: DocumentLine[],
  gathering: string[],
): Promise<number> {
  const result = await trx.raw<{ rows: [{ cards: number; digested: boolean }] }>(
    `with wanted as (
       select * from jsonb_to_recordset(?::jsonb) as w(document_id bigint, route_id bigint, lane_id bigint, state text)
     ), added as (
       insert into cards (lane_id, route_id, document_id, state)
       select lane_id, route_id, document_id, state from wanted order by document_id, lane_id
       on conflict (lane_id, document_id) do nothing
       returning id, lane_id, route_id, document_id, state
     ), changed as (
       select * from jsonb_to_recordset(?::jsonb) as s(document_id bigint, was text, "is" text)
     ), locked as (
       -- In the order in which a digest takes its members, so that the two cannot deadlock; and so that a click on
       -- one of them, which refers to its row, is stored meanwhile.
       select id from cards where document_id in (select document_id from changed) order by id for no key update
     ), touched as (
       update cards c set desired_version = desired_version + 1,
         wanted_at = case when desired_version = posted_version then clock_timestamp() else wanted_at end,
         status_before = case when c.state = 'digested' and c.digest_id is not null and c.route_id = any(?::bigint[]) and s.was <> s."is"
           then coalesce(c.status_before, s.was) else c.status_before end
       from changed s
       where c.document_id = s.document_id and c.id in (select id from locked)
       returning c.id, c.lane_id, c.document_id, c.digest_id, c.state
     ), told as (
       insert into thread_lines (card_id, lane_id, line)
       -- A card that this statement adds is not among those that it reads; only what it does not show itself is told there.
       select c.id, c.lane_id, l.line
       from (
         select id, lane_id, route_id, document_id, state, false as is_new from cards
         union all select id, lane_id, route_id, document_id, state, true from added
       ) c
       join jsonb_to_recordset(?::jsonb) as l(document_id bigint, line jsonb, on_route bigint, not_on bigint[])
         on l.document_id = c.document_id and (not c.is_new or l.line ->> 'type' = 'paid')
       where c.state <> 'digested' and c.route_id = coalesce(l.on_route, c.route_id) and not c.route_id = any(coalesce(l.not_on, '{}'))
       returning lane_id
     ), woken as (
       select ${wakeSql('deliver-lane', 'lane_id')} from (
         select lane_id from added where state = 'pending' union select lane_id from touched where state <> 'digested'
         union select lane_id from told order by lane_id
       ) as lanes_with_work
     )
     select (select count(*)::int from added) as cards, (select count(*) from woken) as woken,
       exists (select 1 from touched where digest_id is not null and state = 'digested') as digested`,
    [JSON.stringify(wanted), JSON.stringify(changed), gathering, JSON.stringify(lines)],
  );
  const [{ cards, digested }] = result.rows;
  if (digested) {
    const ids = changed.map((row) => row.document_id);
    await redrawDigests(trx, ids);
  }
  return cards;
}

function toEvent(
  scope: FeedScope,
  row: ChangedRow & { document: ErpDocument; changes: Change[] },
  cause?: Cause,
): AuditEvent {
  const { document, changes, version } = row;
  return {
    kind: row.before ? 'document.changed' : 'document.added',
    installationId: scope.installationId,
    connectionId: scope.connectionId,
    documentId: row.id,
    ...(cause ? { decisionId: cause.decisionId } : {}),
    data: { key: document.key, status: document.status, version, ...(changes.length ? { changes } : {}) },
  };
}
