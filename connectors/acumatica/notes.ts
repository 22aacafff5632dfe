import type { ErpDocument } from '../../app/domain/document.ts';
import { RetryableError, UnclearError } from '../../app/domain/errors.ts';
import { endsWithNote, joinNote } from '../../app/domain/note.ts';
import type { WriteOutcome } from '../connector.ts';
import type { Problem } from './answers.ts';
import type { Api } from './api.ts';
import { limitError, unclearAction } from './errors.ts';
import { isRecord, unexpected, type WireRecord } from './fields.ts';
import { kindNamed } from './kinds/index.ts';
import { recordPath } from './record-path.ts';

/** What Acumatica says no to, in words for people; throws what is to be tried again or looked at first. */
export function refusedWrite(problem: Problem, what: string): WriteOutcome {
  const { kind, status, text } = problem;
  if (kind === 'limit') throw limitError(problem);
  if (kind === 'busy') throw new RetryableError('Acumatica is still busy with an earlier operation of this session.');
  if (kind === 'server') throw unclearAction(problem);
  if (kind === 'no_record' || kind === 'missing' || status === 412) return gone;
  if (kind === 'rights') {
    return {
      result: 'refused',
      message: text ?? `The Acumatica user may not ${what}. Ask whoever looks after Acumatica.`,
    };
  }
  return { result: 'refused', message: text ?? `Acumatica refused to ${what}.` };
}

export const gone: WriteOutcome = { result: 'refused', message: 'The record is not in Acumatica any more.' };

/** A record's note: absent is not empty, for an empty one is written over. */
function noteOf(record: WireRecord): string {
  const { note } = record;
  if (note === null) return '';
  const value = isRecord(note) ? note.value : undefined;
  if (isRecord(note) && (value === undefined || value === null)) return '';
  if (typeof value !== 'string') throw unexpected('a record without its note');
  return value;
}

/** Notes of documents. A PUT replaces the whole text, so it is read, added to and written; there is no lock for that. */
export function createNotes(api: Api) {
  async function readNote(document: ErpDocument, signal: AbortSignal): Promise<string | null> {
    const record = await api.record(recordPath(document), 'notes', signal);
    return record && noteOf(record);
  }

  async function addNote(
    { document, text }: { document: ErpDocument; text: string },
    signal: AbortSignal,
  ): Promise<WriteOutcome> {
    const before = await readNote(document, signal);
    if (before === null) return gone;
    const note = joinNote(before, text);
    const { entity, key } = kindNamed(document.kind);
    const keys = { [key.type]: { value: document.type }, [key.reference]: { value: document.reference } };
    // A PUT inserts what it does not find, unless it is told to update only.
    const body = { ...keys, note: { value: note } };
    const { problem } = await api.call({ method: 'PUT', path: entity, body, headers: { 'if-match': '*' }, signal });
    if (problem) return refusedWrite(problem, 'write the note');
    const after = await readNote(document, signal).catch((error) => {
      throw new UnclearError('Acumatica took the note, but it could not be read back.', { cause: error });
    });
    if (after !== null && endsWithNote(after, text)) return { result: 'done' };
    throw new UnclearError('Acumatica took the note and does not show it.');
  }

  return { readNote, addNote };
}
