import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { ThreadLine } from '../cards/thread.ts';
import type { ActionName, ErpDocument } from '../domain/document.ts';
import { type Decider, deciderSchema } from '../domain/routing.ts';
import { leaseIsFree } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';
import { type Said, saidSchema } from './said.ts';

/** A note that this process is writing, with what it is about. */
export interface Note {
  id: string;
  documentId: string;
  cardId: string;
  laneId: string;
  installationId: string;
  connectionId: string;
  person: string;
  said: Said | null;
  /** What it tells, where it is not what somebody wrote. */
  decision: { id: string; action: ActionName; reason: string | null; at: Date; complete: boolean } | null;
  /** Empty where the route is retired. */
  deciders: Decider[];
  document: ErpDocument;
  attempts: number;
  /** Set before the ERP is first asked. */
  entry: string | null;
  standing: number | null;
  written: boolean;
}

/**
 * Takes the oldest open note of a document, if no process is at one and no decision waits: an approval is proven by how
 * the record changes, so nothing else is written meanwhile. Decisions, in turn, wait for a note that is being written.
 */
export async function claimNote(db: Knex, documentId: string, owner: string): Promise<Note | undefined> {
  const taken = await db.raw<{ rows: Array<{ id: string }> }>(
    `update notes set state = 'acting', lease_owner = :owner
     where id = (select id from notes where document_id = :documentId and state in ('stored', 'acting')
                 order by state = 'acting' desc, id limit 1 for update)
       and (state = 'stored' or lease_owner = :owner or ${leaseIsFree('lease_owner')})
       and (next_attempt_at is null or next_attempt_at <= clock_timestamp())
       and not ${decisionIsOpen}
     returning id`,
    { owner, documentId },
  );
  const id = taken.rows[0]?.id;
  if (!id) return undefined;
  // A decision may have been taken up while this was: both look for the other after their own mark, and the note yields.
  const yielded = await db.raw<{ rows: unknown[] }>(
    `update notes set state = 'stored', lease_owner = null where id = :id and ${decisionIsOpen} returning id`,
    { id, documentId },
  );
  if (yielded.rows.length > 0) {
    await wake(db, 'decide', documentId);
    return undefined;
  }
  return load(db, id);
}

const decisionIsOpen = `exists (select 1 from decisions where document_id = :documentId and state in ('stored', 'acting'))`;

async function load(db: Knex, id: string): Promise<Note> {
  const row = await db('notes as o')
    .join('cards as c', 'c.id', 'o.card_id')
    .join('lanes as l', 'l.id', 'c.lane_id')
    .join('routes as r', 'r.id', 'c.route_id')
    .join('documents as d', 'd.id', 'o.document_id')
    .leftJoin('decisions as x', 'x.id', 'o.decision_id')
    .where('o.id', id)
    .select('o.*', 'c.lane_id', 'l.installation_id', 'd.connection_id', 'd.data', 'r.deciders', 'r.retired_at')
    .first('x.action', 'x.reason', 'x.outcome', 'x.finished_at as decided_at');
  return {
    id,
    documentId: String(row.document_id),
    cardId: String(row.card_id),
    laneId: String(row.lane_id),
    installationId: row.installation_id,
    connectionId: row.connection_id,
    person: row.person,
    said: row.said && saidSchema.parse(row.said),
    decision: row.decision_id && {
      id: String(row.decision_id),
      action: row.action,
      reason: row.reason,
      at: row.decided_at,
      complete: row.outcome !== 'step_approved',
    },
    deciders: row.retired_at === null ? deciderSchema.array().parse(row.deciders) : [],
    document: row.data,
    attempts: row.attempts,
    entry: row.entry,
    standing: row.standing,
    written: row.written_at !== null,
  };
}

/** Stores what is about to be added and how often it stands there already: an unclear end is settled by counting again. */
export async function recordIntent(db: Knex, note: Note, entry: string, standing: number): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('notes')
      .where({ id: note.id })
      .update({ entry, standing, asked_at: trx.raw('clock_timestamp()') });
    await recordEvents(trx, [event(note, 'note.asked', {})]);
  });
  note.entry = entry;
  note.standing = standing;
}

/** Takes the intent back: the ERP surely wrote nothing. */
export async function clearIntent(db: Knex, note: Note): Promise<void> {
  await db('notes').where({ id: note.id }).update({ entry: null, standing: null, asked_at: null });
  note.entry = null;
}

export async function recordWritten(db: Knex, note: Note): Promise<void> {
  await db('notes')
    .where({ id: note.id })
    .update({ written_at: db.raw('clock_timestamp()') });
  note.written = true;
}

/** Leaves the note open for another try after `waitMs`. */
export async function postpone(db: Knex, note: Note, waitMs: number, problem: string): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('notes')
      .where({ id: note.id })
      .update({
        state: 'stored',
        lease_owner: null,
        attempts: trx.raw('attempts + 1'),
        next_attempt_at: trx.raw(`clock_timestamp() + ? * interval '1 ms'`, [waitMs]),
      });
    await recordEvents(trx, [event(note, 'note.retried', { problem, attempts: note.attempts + 1 })]);
    await wake(trx, 'decide', note.documentId);
    await wake(trx, 'record-notes', note.documentId, waitMs + 5);
  });
}

export interface NoteEnd {
  state: 'done' | 'refused' | 'dead';
  /** For the person who asked; null where the thread says it. */
  message: string | null;
  line: ThreadLine | null;
}

/** Ends a note: what the thread says, the audit event, whoever is to be told; and lets what waited go on. */
export async function finish(db: Knex, note: Note, end: NoteEnd): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('notes')
      .where({ id: note.id })
      .update({
        state: end.state,
        message: end.message,
        lease_owner: null,
        finished_at: trx.raw('clock_timestamp()'),
      });
    if (end.line) {
      await trx('thread_lines').insert({ card_id: note.cardId, lane_id: note.laneId, line: JSON.stringify(end.line) });
      await wake(trx, 'deliver-lane', note.laneId);
    }
    await recordEvents(trx, [event(note, `note.${end.state}`, end.message ? { message: end.message } : {})]);
    if (end.message) await wake(trx, 'tell', `note/${note.id}`);
    await wake(trx, 'decide', note.documentId);
    await wake(trx, 'record-notes', note.documentId);
  });
}

function event(note: Note, kind: string, data: Record<string, unknown>) {
  const { installationId, connectionId, documentId, cardId, decision, person } = note;
  const about = decision ? { decisionId: decision.id } : {};
  return { kind, installationId, connectionId, documentId, cardId, ...about, actor: person, data };
}
