import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { ThreadLine } from '../cards/thread.ts';
import { toRoute } from '../connections/routes.ts';
import { redrawDocument } from '../documents/redraw.ts';
import type { ActionName, ErpDocument } from '../domain/document.ts';
import { type Figured, written } from '../domain/figures.ts';
import type { Route } from '../domain/routing.ts';
import { storeDecisionNote, wakeNotes } from '../notes/store.ts';
import { leaseIsFree } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';

/** A decision that this process is carrying out, with what it is about. */
export interface Decision {
  id: string;
  documentId: string;
  cardId: string;
  laneId: string;
  installationId: string;
  connectionId: string;
  action: ActionName;
  reason: string | null;
  person: string;
  seen: string;
  attempts: number;
  /** Set once the ERP was asked: the document as it was just before. */
  before: ErpDocument | null;
  actedAt: Date | null;
  document: ErpDocument;
  /** What the card showed when it was last drawn. */
  shown: ErpDocument | null;
  route: Route;
  /** This person gave one of several approvals, and the document has not changed since: the next is another person's. */
  gaveStep: boolean;
  /** Once the ERP was asked: the person's own ERP user, or null for the connection's. */
  actedAs: string | null;
}

/**
 * Takes the oldest open decision of a document, if no other process is at one. Decisions of one document are carried out
 * one after the other, in the order in which they were stored; and not while a note is being written into the record, for
 * an approval is proven by how the record changes.
 */
export async function claimDecision(db: Knex, documentId: string, owner: string): Promise<Decision | undefined> {
  const taken = await db.raw<{ rows: Array<{ id: string }> }>(
    `update decisions set state = 'acting', lease_owner = :owner
     where id = (select id from decisions where document_id = :documentId and state in ('stored', 'acting')
                 order by state = 'acting' desc, id limit 1 for update)
       and (state = 'stored' or lease_owner = :owner or ${leaseIsFree('lease_owner')})
       and (next_attempt_at is null or next_attempt_at <= clock_timestamp())
       and not exists (select 1 from notes where document_id = :documentId and state = 'acting' and not ${leaseIsFree('notes.lease_owner')})
     returning id`,
    { owner, documentId },
  );
  const id = taken.rows[0]?.id;
  if (!id) return undefined;
  const row = await db('decisions as x')
    .join('cards as c', 'c.id', 'x.card_id')
    .join('lanes as l', 'l.id', 'c.lane_id')
    .join('documents as d', 'd.id', 'x.document_id')
    .where('x.id', id)
    .first(
      'x.*',
      'c.lane_id',
      'c.route_id',
      'c.shown',
      'l.installation_id',
      'd.connection_id',
      'd.data',
      db.raw(
        `exists (select 1 from decisions s where s.document_id = x.document_id and s.person = x.person
           and s.state = 'done' and s.outcome = 'step_approved' and s.finished_at > d.changed_at) as gave_step`,
      ),
    );
  const route = await db('routes').where({ id: row.route_id }).first();
  // A retired route offers nothing any more.
  const inForce = route.retired_at === null ? route : { ...route, deciders: [] };
  return {
    id,
    documentId,
    cardId: String(row.card_id),
    laneId: String(row.lane_id),
    installationId: row.installation_id,
    connectionId: row.connection_id,
    action: row.action,
    reason: row.reason,
    person: row.person,
    seen: row.seen,
    attempts: row.attempts,
    before: row.before,
    actedAt: row.acted_at,
    document: row.data,
    shown: row.shown,
    route: toRoute(inForce),
    gaveStep: row.gave_step,
    actedAs: row.acted_as,
  };
}

/** Stores that the ERP is about to be asked. From here on, an unclear end is settled by reading, never by asking again blindly. */
export async function recordIntent(db: Knex, decision: Decision, before: ErpDocument): Promise<void> {
  const { action, actedAs } = decision;
  await db.transaction(async (trx) => {
    await trx('decisions')
      .where({ id: decision.id })
      .update({ before: JSON.stringify(before), acted_at: trx.raw('clock_timestamp()'), acted_as: actedAs });
    await recordEvents(trx, [
      event(decision, 'decision.asked', { action, status: before.status, as: accountOf(decision) }),
    ]);
  });
}

/** Which ERP user was asked, in the record's words. */
const accountOf = ({ actedAs }: Decision) => actedAs ?? 'service account';

/** Takes the intent back: the ERP was surely not asked, or surely did nothing. */
export async function clearIntent(db: Knex, decision: Decision): Promise<void> {
  await db('decisions').where({ id: decision.id }).update({ before: null, acted_at: null });
}

/** Leaves the decision open for another try after `waitMs`; its cards say that it is on its way and what it waits for. */
export async function postpone(db: Knex, decision: Decision, waitMs: number, problem: string): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('decisions')
      .where({ id: decision.id })
      .update({
        lease_owner: null,
        attempts: trx.raw('attempts + 1'),
        next_attempt_at: trx.raw(`clock_timestamp() + ? * interval '1 ms'`, [waitMs]),
        message: problem,
        message_parts: null,
      });
    await recordEvents(trx, [event(decision, 'decision.retried', { problem, attempts: decision.attempts + 1 })]);
    await redrawDocument(trx, decision.documentId);
    await wake(trx, 'decide', decision.documentId, waitMs + 5);
  });
}

export interface End {
  state: 'done' | 'refused' | 'dead';
  /** A short code for logs and metrics. */
  outcome: string;
  /** The same for people; null where the card says it all. */
  message: Figured | null;
  line: ThreadLine | null;
}

/** Ends a decision: its outcome, the card to be redrawn, the thread's line, the audit event and whoever is to be told. */
export async function finish(trx: Knex.Transaction, decision: Decision, end: End): Promise<void> {
  const message = end.message === null ? null : written(end.message);
  const parts = Array.isArray(end.message) ? end.message : null;
  await trx('decisions')
    .where({ id: decision.id })
    .update({
      state: end.state,
      outcome: end.outcome,
      acted_as: decision.before ? decision.actedAs : null,
      message,
      message_parts: parts && JSON.stringify(parts),
      lease_owner: null,
      finished_at: trx.raw('clock_timestamp()'),
    });
  await redrawDocument(trx, decision.documentId);
  if (end.line) {
    // In a digest there is no thread of the document's own: its figures and the person's Home tell.
    await trx.raw(
      `insert into thread_lines (card_id, lane_id, line) select id, lane_id, ?::jsonb from cards where id = ? and state <> 'digested'`,
      [JSON.stringify(end.line), decision.cardId],
    );
  }
  await recordEvents(trx, [
    event(decision, `decision.${end.state}`, {
      action: decision.action,
      outcome: end.outcome,
      message,
      ...(decision.before ? { as: accountOf(decision) } : {}),
      ...(parts ? { parts } : {}),
    }),
  ]);
  if (end.state === 'done') await storeDecisionNote(trx, decision);
  if (end.message) await wake(trx, 'tell', `decision/${decision.id}`);
  await wake(trx, 'decide', decision.documentId);
  await wakeNotes(trx, decision.documentId);
}

function event(decision: Decision, kind: string, data: Record<string, unknown>) {
  return {
    kind,
    installationId: decision.installationId,
    connectionId: decision.connectionId,
    documentId: decision.documentId,
    cardId: decision.cardId,
    decisionId: decision.id,
    actor: decision.person,
    data,
  };
}
