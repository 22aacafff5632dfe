import type { ErpDocument } from '../../app/domain/document.ts';
import { PermanentError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { ConnectContext, Cursor, Page } from '../connector.ts';
import type { Api, Question } from './api.ts';
import { createCompanionReader } from './companions.ts';
import type { IntacctCredentials } from './credentials.ts';
import { type Position, readCursor, writeCursor } from './cursor.ts';
import { createDeletions } from './deletions.ts';
import { readDocument } from './document.ts';
import { lastNo, moment, type Row, recordNo, rowsOf } from './fields.ts';
import { dayAfterEpoch, lowerBound } from './formats.ts';
import { kindInWords } from './kinds/index.ts';
import { fieldsOf, type Kind } from './kinds/kind.ts';
import type { Profile, Profiles } from './profile.ts';
import { allOf, anyOf, atLeast, equalTo, type Filter, greaterThan, isNull, lessThan, query } from './query.ts';
import { contentOf, Seen } from './seen.ts';

const dayMs = 24 * 3_600_000;
/** Rows become visible up to two hours after their stamp, and one hour more when the clocks change. */
export const overlapMs = (3 * 60 + 10) * 60_000;

/**
 * A list without lines is longer than a page of documents, for what was read of late comes again each time; not much, for
 * nothing else runs in the process while it is parsed.
 */
const pagesInAList = 2;
const listMost = 2000;

/** Reads the documents of one kind. */
export interface Reader {
  read(cursor: Cursor | null, signal: AbortSignal): AsyncGenerator<Page>;
  get(key: string, signal: AbortSignal): Promise<ErpDocument | null>;
}

export interface ReaderParts {
  api: Api;
  profiles: Profiles;
}

/** A session of an entity sees all of that entity; the top level leaves out private ones unless asked. */
export const showsPrivate = ({ entity, private_entities }: IntacctCredentials): boolean =>
  entity === undefined && private_entities === 'read';

/** Throws PermanentError `key_unreadable`. */
function checkKey(key: string, kind: Kind): void {
  if (!/^\d{1,18}$/.test(key))
    throw new PermanentError('key_unreadable', `"${key}" is not the key of a ${documentWords(kind.kind).one}.`);
}

/** What changed since (ms since the epoch); rows without a stamp of that count by when they were made. */
export function changedSince(profile: Profile, { object, created }: Kind, since: number): Filter {
  const { format } = profile;
  const [stamp] = profile.fields(object, ['WHENMODIFIED']);
  const [made] = profile.fields(object, [created]);
  const bound = lowerBound(since, format);
  const unstamped = stamp === undefined ? [] : [anyOf(isNull(stamp), lessThan(stamp, dayAfterEpoch(format)))];
  return anyOf(
    ...(stamp === undefined ? [] : [atLeast(stamp, bound)]),
    ...(made === undefined ? [] : [allOf(...unstamped, atLeast(made, bound))]),
  );
}

export function createReader(
  { credentials, now }: ConnectContext<IntacctCredentials>,
  kind: Kind,
  { api, profiles }: ReaderParts,
): Reader {
  const { page_size: pageSize, read_from_days: readFromDays } = credentials;
  const showPrivate = showsPrivate(credentials);
  const listSize = Math.min(listMost, pageSize * pagesInAList);
  const { object, created } = kind;
  const what = kindInWords(kind);
  const companions = createCompanionReader(api, kind, what, showPrivate);
  const deletions = createDeletions(kind);
  const decidable = kind.decidable === undefined || credentials[kind.decidable] === 'on';

  function headers(profile: Profile, filter: Filter, size: number): Question {
    const fields = profile.fields(object, fieldsOf(kind));
    return { ask: query({ object, fields, filter, pageSize: size, showPrivate }), what };
  }

  async function documentsOf(profile: Profile, rows: Row[], signal: AbortSignal): Promise<ErpDocument[]> {
    if (rows.length === 0) return [];
    const numbers = rows.map((row) => recordNo(row, object));
    const { results } = await api.ask(companions.questions(profile, numbers), signal);
    const beside = await companions.complete(profile, numbers, results, signal);
    return rows.map((row) => readDocument(row, kind, beside, { format: profile.format, decidable }));
  }

  /** Rows of one list, cut so that what belongs to them fits into one page; the list is billed as one, however long. */
  function* chunksOf(rows: Row[], fresh: Row[]): Generator<{ fresh: Row[]; last: Row | undefined; isEnd: boolean }> {
    for (let from = 0; from + pageSize < fresh.length; from += pageSize) {
      const some = fresh.slice(from, from + pageSize);
      yield { fresh: some, last: some.at(-1), isEnd: false };
    }
    const left = fresh.length === 0 ? 0 : ((fresh.length - 1) % pageSize) + 1;
    yield { fresh: fresh.slice(fresh.length - left), last: rows.at(-1), isEnd: true };
  }

  async function* pages(position: Position, signal: AbortSignal): AsyncGenerator<Page> {
    const profile = await profiles.current(signal);
    const { format } = profile;
    const seen = new Seen(position.seen);
    let { start, after, audited } = position;
    for (let isDone = false; !isDone; ) {
      const changed = changedSince(profile, kind, position.since);
      const filter = after === null ? changed : allOf(changed, greaterThan('RECORDNO', after));
      const history = audited !== null && deletions.isDue(audited, now()) ? [deletions.question(profile, audited)] : [];
      const { results, clock } = await api.askAll([headers(profile, filter, listSize), ...history], signal);
      const [listed, deleted] = results;
      if (listed === undefined || listed instanceof Error) throw listed;
      start ??= clock;
      let gone = deletions.read(deleted, now());
      // What is read for the first time cannot have been deleted before.
      if (audited === null || gone !== null) audited = clock;
      const next = Math.max(position.since, start - overlapMs);
      // Where the gateway reads bounds on another clock, the next pass goes back so much further.
      const metAgain = next - Math.abs(format.offsetMs);
      const rows = rowsOf(listed, object);
      lastNo(rows, object, after);
      const unknown = rows.filter((row) => !seen.has(recordNo(row, object), contentOf(row)));
      for (const { fresh, last, isEnd } of chunksOf(rows, unknown)) {
        const documents = await documentsOf(profile, fresh, signal);
        for (const row of fresh) {
          const stamp = moment(row, 'WHENMODIFIED', format) ?? moment(row, created, format) ?? start;
          seen.add(recordNo(row, object), contentOf(row), stamp, metAgain);
        }
        if (last !== undefined) after = recordNo(last, object);
        isDone = isEnd && rows.length < listSize;
        const here = isDone ? { since: next, start: null, after: null } : { since: position.since, start, after };
        const cursor = writeCursor({ ...here, audited, seen: seen.text(metAgain) });
        yield { documents, cursor, ...(gone === null || gone.length === 0 ? {} : { gone }) };
        gone = null;
      }
    }
  }

  return {
    async *read(cursor, signal) {
      const since = now() - readFromDays * dayMs;
      const first: Position = { since, start: null, after: null, audited: null, seen: '' };
      yield* pages(cursor === null ? first : readCursor(cursor), signal);
    },
    async get(key, signal) {
      checkKey(key, kind);
      signal.throwIfAborted();
      const profile = await profiles.current(signal);
      const header = headers(profile, equalTo('RECORDNO', key), 2);
      const { results } = await api.ask([header, ...companions.questions(profile, [key])], signal);
      const [found, ...answers] = results;
      const [row] = found === undefined ? [] : rowsOf(found, object);
      if (row === undefined) return null;
      const beside = await companions.complete(profile, [key], answers, signal);
      return readDocument(row, kind, beside, { format: profile.format, decidable });
    },
  };
}
