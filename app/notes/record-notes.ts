import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { ErpConnection } from '../../connectors/connector.ts';
import { markBroken } from '../connections/health.ts';
import type { ConnectionPool, ConnectionRow } from '../connections/open.ts';
import { actionWords } from '../domain/actions.ts';
import type { ErpDocument } from '../domain/document.ts';
import { NextStepError, PermanentError, ReconnectError, UnclearError } from '../domain/errors.ts';
import { attachmentName, noteEntry, timesInNote } from '../domain/note.ts';
import { forAPerson } from '../metering/purpose.ts';
import { isAdmin } from '../people/admins.ts';
import type { WorkspaceRoles } from '../people/slack-roles.ts';
import type { ProcessLease } from '../queue/lease.ts';
import { claimNote, clearIntent, finish, type Note, postpone, recordIntent, recordWritten } from './rows.ts';
import type { SaidFile } from './said.ts';
import type { NoteSource } from './source.ts';
import * as words from './words.ts';

export interface RecordDeps {
  db: Knex;
  lease: ProcessLease;
  connections: ConnectionPool;
  roles: WorkspaceRoles;
  source: NoteSource;
  erpTitle: (connector: string) => string;
  /** The largest file that is carried over. */
  fileMegabytes: number;
  log: Logger;
}

const triesMost = 20;
const longestWaitMs = 60_000;
/** How often the ERP is read after an unclear answer before its silence counts (1 + 2 + 4 s). */
const readsBeforeVerdict = 3;

/** Nothing more is to be tried: why, for the person who asked. */
class Refusal extends Error {}

/** Writes the open notes of one document into the ERP, one after the other. */
export async function recordNotes(deps: RecordDeps, documentId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && deps.lease.isGood()) {
    const note = await claimNote(deps.db, documentId, deps.lease.id);
    if (!note) return;
    const attempt: Attempt = { row: null };
    try {
      await forAPerson(() => write(deps, note, attempt, signal), { isUnderWay: note.entry !== null });
    } catch (error) {
      if (!(await fail(deps, note, attempt, error, signal))) return;
    }
  }
}

/** The connection as one try opened it. */
interface Attempt {
  row: ConnectionRow | null;
}

async function write(deps: RecordDeps, note: Note, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const { erp, row } = await deps.connections.open(note.connectionId);
  attempt.row = row;
  const erpName = deps.erpTitle(row.connector);
  if (row.status === 'paused' && note.entry === null) throw new Refusal(words.paused(row.name));
  await check(deps, note, erp, erpName);
  const document = await erp.get(note.document.kind, note.document.key, signal);
  if (!document) throw new Refusal(words.gone(erpName));
  if (!note.written) await addEntry(deps, note, erp, erpName, document, signal);
  for (const file of note.said?.files ?? []) await keepFile(deps, note, erp, erpName, document, file, signal);
  const files = note.said?.files.length ?? 0;
  const line = { type: 'recorded' as const, person: note.person, files, at: new Date().toISOString() };
  await finish(deps.db, note, { state: 'done', message: null, line: note.decision ? null : line });
  deps.log.info('note recorded', { note: note.id, files });
}

/** Whether it may be written, before anything is: who asks, and what it is. */
async function check(deps: RecordDeps, note: Note, erp: ErpConnection, erpName: string): Promise<void> {
  if (!erp.readNote || !erp.addNote) throw new Refusal(words.noNotes(erpName));
  const { said, person, installationId } = note;
  if (!said) return;
  const decides = note.deciders.some(({ user }) => user === person);
  if (!decides && !(await isAdmin(deps, installationId, person))) throw new Refusal(words.notTheirs);
  if (said.files.length > 0 && (!erp.attach || !erp.attachments)) throw new Refusal(words.noFiles(erpName));
  for (const file of said.files) {
    if (file.url === null) throw new Refusal(words.fileElsewhere(file.name));
    if (file.size > deps.fileMegabytes * 1_000_000)
      throw new Refusal(words.fileTooLarge(file.name, deps.fileMegabytes));
  }
}

/** Intent first; then once, and after an unclear end only when the entry surely does not stand there. */
async function addEntry(
  deps: RecordDeps,
  note: Note,
  erp: ErpConnection,
  erpName: string,
  document: ErpDocument,
  signal: AbortSignal,
): Promise<void> {
  const now = await erp.readNote?.(document, signal);
  if (now === null || now === undefined) throw new Refusal(words.gone(erpName));
  const asked = note.entry !== null;
  const entry = note.entry ?? (await compose(deps, note));
  const times = timesInNote(now, entry);
  if (asked && times > (note.standing ?? 0)) return recordWritten(deps.db, note);
  if (asked && note.attempts < readsBeforeVerdict) throw new UnclearError(words.stillUnclear);
  await recordIntent(deps.db, note, entry, times);
  try {
    const outcome = await erp.addNote?.({ document, text: entry }, signal);
    if (outcome?.result === 'refused') throw new Refusal(outcome.message);
  } catch (error) {
    const nothingDone =
      error instanceof Refusal || (error instanceof NextStepError && !(error instanceof UnclearError));
    if (nothingDone) await clearIntent(deps.db, note);
    throw error;
  }
  await recordWritten(deps.db, note);
}

async function compose({ source }: RecordDeps, note: Note): Promise<string> {
  const { installationId, said, decision, person } = note;
  const by = await source.nameOf(installationId, person);
  if (!said) {
    if (!decision) throw new Refusal(words.empty);
    const reason = decision.reason ? `: ${decision.reason}` : '';
    const more = decision.complete ? '' : '; more approvals are needed';
    return noteEntry({ at: decision.at, who: by, text: `${actionWords[decision.action].told}${more}${reason}` });
  }
  const text = await source.plain(installationId, said.text);
  if (text.length > words.longestText) throw new Refusal(words.tooLong);
  const files = said.files.map(({ name, id }) => attachmentName(name, id)).join(', ');
  if (text === '' && files === '') throw new Refusal(words.empty);
  const attached = files === '' ? '' : `${text === '' ? '' : '\n'}Attached: ${files}`;
  const author = said.author === person ? by : await source.nameOf(installationId, said.author);
  return noteEntry({
    at: new Date(said.at),
    who: author,
    ...(said.author === person ? {} : { by }),
    text: `${text}${attached}`,
  });
}

/** A file that stands there already is left alone: its name is its own. */
async function keepFile(
  deps: RecordDeps,
  note: Note,
  erp: ErpConnection,
  erpName: string,
  document: ErpDocument,
  file: SaidFile,
  signal: AbortSignal,
): Promise<void> {
  const name = attachmentName(file.name, file.id);
  const there = await erp.attachments?.(document, signal);
  if (!there) throw new Refusal(words.fileFailed(file.name, words.gone(erpName)));
  if (there.includes(name)) return;
  try {
    const content = await deps.source.content(note.installationId, file, deps.fileMegabytes * 1_000_000, signal);
    const outcome = await erp.attach?.({ document, file: { name, type: file.type, content } }, signal);
    if (outcome?.result === 'refused') throw new PermanentError('refused_by_erp', outcome.message);
  } catch (error) {
    if (error instanceof PermanentError)
      throw new PermanentError(error.reason, words.fileFailed(file.name, error.message));
    throw error;
  }
}

/** True where the note has ended, so that the next one can be taken. */
async function fail(
  deps: RecordDeps,
  note: Note,
  attempt: Attempt,
  error: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  const problem = error instanceof Error ? error : new Error(String(error));
  const { db, log, erpTitle, connections } = deps;
  if (problem instanceof Refusal && !note.written) {
    await finish(db, note, { state: 'refused', message: note.decision ? null : problem.message, line: null });
    return true;
  }
  const hopeless = problem instanceof Refusal || problem instanceof PermanentError || note.attempts + 1 >= triesMost;
  if (hopeless && !signal.aborted) {
    const { row } = await connections.open(note.connectionId);
    const message = `${problem.message} ${note.decision ? '' : words.again(erpTitle(row.connector))}`.trim();
    const line = {
      type: 'not-recorded' as const,
      person: note.person,
      message: problem.message,
      at: new Date().toISOString(),
    };
    await finish(db, note, { state: 'dead', message: note.decision ? null : message, line });
    return true;
  }
  const waitMs = signal.aborted ? 0 : Math.min(longestWaitMs, 1_000 * 2 ** Math.min(note.attempts, 10));
  await postpone(db, note, waitMs, problem.message);
  log.warn('note waits', { note: note.id, problem: problem.message, attempts: note.attempts + 1, waitMs });
  if (problem instanceof ReconnectError && attempt.row) await markBroken(db, attempt.row, problem, note.document.kind);
  return false;
}
