import type { Api, Question } from './api.ts';
import { type Row, recordNo, rowsOf, text } from './fields.ts';
import type { FunctionResult } from './gateway/answer.ts';
import type { Kind } from './kinds/kind.ts';
import { lineFieldsOf } from './kinds/kind.ts';
import type { Profile } from './profile.ts';
import { allOf, greaterThan, oneOf, query } from './query.ts';

/** The most that a page can hold, since each is billed. */
const pageSize = 2000;
type Lines = NonNullable<Kind['lines']>;

/** The rows that belong to several documents, asked for together: by the number of the document, in their own order. */
export interface OwnedRows {
  question(profile: Profile, lines: Lines, parents: readonly string[], after: string | null): Question;
  read(profile: Profile, lines: Lines, parents: readonly string[], signal: AbortSignal): Promise<Map<string, Row[]>>;
  /** Goes on where the first page was asked for together with something else. */
  readOn(
    profile: Profile,
    lines: Lines,
    parents: readonly string[],
    first: FunctionResult,
    signal: AbortSignal,
  ): Promise<Map<string, Row[]>>;
}

export function createOwnedRows(api: Api, showPrivate: boolean, what: string): OwnedRows {
  function question(profile: Profile, lines: Lines, parents: readonly string[], after: string | null): Question {
    const { object, parent } = lines;
    const ofParents = oneOf(parent, parents);
    const filter = after === null ? ofParents : allOf(ofParents, greaterThan('RECORDNO', after));
    const fields = profile.fields(object, lineFieldsOf(lines));
    return { ask: query({ object, fields, filter, pageSize, showPrivate }), what: `the lines of ${what}: ${object}` };
  }

  async function readOn(
    profile: Profile,
    lines: Lines,
    parents: readonly string[],
    first: FunctionResult,
    signal: AbortSignal,
  ): Promise<Map<string, Row[]>> {
    const found: Row[] = [];
    for (let page = rowsOf(first, lines.object); ; ) {
      found.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) break;
      const { results } = await api.ask([question(profile, lines, parents, recordNo(last, lines.object))], signal);
      page = results[0] === undefined ? [] : rowsOf(results[0], lines.object);
    }
    return Map.groupBy(found, (row) => text(row, [lines.parent]) ?? '');
  }

  return {
    question,
    readOn,
    async read(profile, lines, parents, signal) {
      if (parents.length === 0) return new Map();
      const { results } = await api.ask([question(profile, lines, parents, null)], signal);
      return results[0] === undefined ? new Map() : readOn(profile, lines, parents, results[0], signal);
    },
  };
}
