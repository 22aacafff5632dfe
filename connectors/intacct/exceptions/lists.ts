import { ReconnectError } from '../../../app/domain/errors.ts';
import type { Api } from '../api.ts';
import { lastNo, type Row, rowsOf } from '../fields.ts';
import type { Profile } from '../profile.ts';
import { allOf, type Filter, greaterThan, query } from '../query.ts';
import { fields } from './records.ts';

/** The most that a page can hold, since each is billed. */
const pageSize = 2000;
/** Of one list of values in a filter. */
const valuesMost = 500;

/** Rows of one object that are wanted whole. */
export interface List {
  object: keyof typeof fields;
  filter: Filter;
}

/** What the lists hold; a list that the user may not read is the error that says so. `clock` is that of the first answer. */
export interface Read {
  rows: Array<Row[] | ReconnectError>;
  clock: number;
}

export type ReadLists = (profile: Profile, lists: readonly List[], signal: AbortSignal) => Promise<Read>;

/**
 * Reads lists, each page of all of them in one request: the fewer round trips, and a page of each is billed anyway. Throws
 * where one fails for another reason than that it may not be read.
 */
export function createLists(api: Api, showPrivate: boolean): ReadLists {
  return async (profile, lists, signal) => {
    const found = lists.map((): { rows: Row[]; after: string | null; isDone: boolean; problem?: ReconnectError } => ({
      ...{ rows: [], after: null, isDone: false },
    }));
    let clock = 0;
    for (;;) {
      const open = found.flatMap((each, index) => {
        const list = lists[index];
        return list && !each.isDone ? [{ each, list }] : [];
      });
      if (open.length === 0) break;
      const asked = open.map(({ each, list }) => question(profile, list, each.after));
      const answers = await api.askAll(asked, signal);
      clock ||= answers.clock;
      for (const [index, { each, list }] of open.entries()) {
        const result = answers.results[index];
        if (result instanceof ReconnectError && result.scope === 'kind') {
          Object.assign(each, { isDone: true, problem: result });
          continue;
        }
        if (result === undefined || result instanceof Error) throw result;
        const page = rowsOf(result, list.object);
        each.rows.push(...page);
        each.after = lastNo(page, list.object, each.after);
        each.isDone = each.after === null || page.length < pageSize;
      }
    }
    return { rows: found.map(({ rows, problem }) => problem ?? rows), clock };
  };

  function question(profile: Profile, { object, filter }: List, after: string | null) {
    const ask = query({
      object,
      fields: profile.fields(object, fields[object]),
      filter: after === null ? filter : allOf(filter, greaterThan('RECORDNO', after)),
      ...{ pageSize, showPrivate },
    });
    return { ask, what: `what may be an exception (${object})` };
  }
}

/** Values in as many pieces as filters of a fair length take. */
export function inPieces(values: readonly string[]): string[][] {
  const pieces: string[][] = [];
  for (let at = 0; at < values.length; at += valuesMost) pieces.push(values.slice(at, at + valuesMost));
  return pieces;
}
