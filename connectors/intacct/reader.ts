import type { ErpDocument } from '../../app/domain/document.ts';
import { PermanentError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { ConnectContext, Cursor, Page } from '../connector.ts';
import type { Api, Question } from './api.ts';
import type { IntacctCredentials } from './credentials.ts';
import { type Position, readCursor, writeCursor } from './cursor.ts';
import { readDocument } from './document.ts';
import { moment, type Row, recordNo, rowsOf } from './fields.ts';
import { dayAfterEpoch, lowerBound } from './formats.ts';
import { kindInWords } from './kinds/index.ts';
import { fieldsOf, type Kind } from './kinds/kind.ts';
import { createOwnedRows } from './owned-rows.ts';
import type { Profile, Profiles } from './profile.ts';
import { allOf, anyOf, atLeast, equalTo, type Filter, greaterThan, isNull, lessThan, query } from './query.ts';
import { contentOf, Seen } from './seen.ts';

const dayMs = 24 * 3_600_000;
/** Rows become visible up to two hours after their stamp, and one hour more when the clocks change. */
export const overlapMs = (3 * 60 + 10) * 60_000;

/** Reads the documents of one kind. */
export interface Reader {
  read(cursor: Cursor | null, signal: AbortSignal): AsyncGenerator<Page>;
  get(key: string, signal: AbortSignal): Promise<ErpDocument | null>;
}

export interface ReaderParts {
  api: Api;
  profiles: Profiles;
}

export function createReader(
  { credentials, now }: ConnectContext<IntacctCredentials>,
  kind: Kind,
  { api, profiles }: ReaderParts,
): Reader {
  const { page_size: pageSize, read_from_days: readFromDays, private_entities, entity } = credentials;
  const showPrivate = entity === undefined && private_entities === 'read';
  const { object, created } = kind;
  const what = kindInWords(kind);
  const owned = createOwnedRows(api, showPrivate, what);

  function headers(profile: Profile, filter: Filter, size: number): Question {
    const fields = profile.fields(object, fieldsOf(kind));
    return { ask: query({ object, fields, filter, pageSize: size, showPrivate }), what };
  }

  /** What changed since; rows without a stamp of that count by when they were made. */
  function changedSince(profile: Profile, since: number, after: string | null): Filter {
    const { format } = profile;
    const [stamp] = profile.fields(object, ['WHENMODIFIED']);
    const [made] = profile.fields(object, [created]);
    const bound = lowerBound(since, format);
    const ways: Filter[] = [];
    if (stamp !== undefined) ways.push(atLeast(stamp, bound));
    const unstamped = stamp === undefined ? [] : [anyOf(isNull(stamp), lessThan(stamp, dayAfterEpoch(format)))];
    if (made !== undefined) ways.push(allOf(...unstamped, atLeast(made, bound)));
    const changed = anyOf(...ways);
    return after === null ? changed : allOf(changed, greaterThan('RECORDNO', after));
  }

  async function documentsOf(profile: Profile, rows: Row[], signal: AbortSignal): Promise<ErpDocument[]> {
    const numbers = rows.map((row) => recordNo(row, object));
    const lines = kind.lines ? await owned.read(profile, kind.lines, numbers, signal) : new Map<string, Row[]>();
    return rows.map((row, index) =>
      readDocument({ row, lines: lines.get(numbers[index] ?? '') ?? [] }, kind, profile.format),
    );
  }

  async function* pages(position: Position, signal: AbortSignal): AsyncGenerator<Page> {
    const profile = await profiles.current(signal);
    const seen = new Seen(position.seen);
    let { start, after } = position;
    for (;;) {
      const question = headers(profile, changedSince(profile, position.since, after), pageSize);
      const { results, clock } = await api.ask([question], signal);
      start ??= clock;
      const rows = results[0] === undefined ? [] : rowsOf(results[0], object);
      const fresh = rows.filter((row) => !seen.has(recordNo(row, object), contentOf(row)));
      const documents = await documentsOf(profile, fresh, signal);
      const next = Math.max(position.since, start - overlapMs);
      // Where the gateway reads bounds on another clock, it goes back so much further.
      const kept = next - Math.abs(profile.format.offsetMs);
      for (const row of fresh) {
        const stamp = moment(row, 'WHENMODIFIED', profile.format) ?? moment(row, created, profile.format) ?? start;
        seen.add(recordNo(row, object), contentOf(row), stamp);
      }
      const last = rows.at(-1);
      const isDone = last === undefined || rows.length < pageSize;
      after = last === undefined ? after : recordNo(last, object);
      const here = isDone ? { since: next, start: null, after: null } : { since: position.since, start, after };
      yield { documents, cursor: writeCursor({ ...here, seen: seen.text(kept) }) };
      if (isDone) return;
    }
  }

  return {
    async *read(cursor, signal) {
      const since = now() - readFromDays * dayMs;
      yield* pages(cursor === null ? { since, start: null, after: null, seen: '' } : readCursor(cursor), signal);
    },
    async get(key, signal) {
      if (!/^\d{1,18}$/.test(key))
        throw new PermanentError('key_unreadable', `"${key}" is not the key of a ${documentWords(kind.kind).one}.`);
      signal.throwIfAborted();
      const profile = await profiles.current(signal);
      const question = headers(profile, equalTo('RECORDNO', key), 2);
      const lines = kind.lines ? owned.question(profile, kind.lines, [key], null) : null;
      const { results } = await api.ask([question, ...(lines ? [lines] : [])], signal);
      const [found, first] = results;
      const [row] = found === undefined ? [] : rowsOf(found, object);
      if (row === undefined) return null;
      const rest = kind.lines && first ? await owned.readOn(profile, kind.lines, [key], first, signal) : new Map();
      return readDocument({ row, lines: rest.get(key) ?? [] }, kind, profile.format);
    },
  };
}
