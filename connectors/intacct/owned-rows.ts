import type { Api, Question } from './api.ts';
import { lastNo, type Row, rowsOf, text } from './fields.ts';
import type { FunctionResult } from './gateway/answer.ts';
import type { Owned } from './kinds/kind.ts';
import type { Profile } from './profile.ts';
import { allOf, greaterThan, oneOf, query } from './query.ts';

/** The most that a page can hold, since each is billed. */
const pageSize = 2000;

/** Rows that belong to documents: which, and what is read of them. */
export interface Belonging extends Owned {
  fields: readonly string[];
  what: string;
}

/** By the number of the document. */
export type OwnedRows = ReadonlyMap<string, Row[]>;

export interface OwnedReader {
  /** The first page of what belongs to any of these documents. */
  question(profile: Profile, belonging: Belonging, parents: readonly string[], after?: string): Question;
  /** All of it, given the first page. */
  complete(
    profile: Profile,
    belonging: Belonging,
    parents: readonly string[],
    first: FunctionResult,
    signal: AbortSignal,
  ): Promise<OwnedRows>;
}

/** Reads what belongs to several documents together: by the numbers of the documents, in the order of its own. */
export function createOwnedReader(api: Api, showPrivate: boolean): OwnedReader {
  function question(profile: Profile, belonging: Belonging, parents: readonly string[], after?: string): Question {
    const { object, parent, what } = belonging;
    const ofParents = oneOf(parent, parents);
    const filter = after === undefined ? ofParents : allOf(ofParents, greaterThan('RECORDNO', after));
    const fields = profile.fields(object, belonging.fields);
    return { ask: query({ object, fields, filter, pageSize, showPrivate }), what };
  }

  return {
    question,
    async complete(profile, belonging, parents, first, signal) {
      const found: Row[] = [];
      let after: string | null = null;
      for (let page = rowsOf(first, belonging.object); ; ) {
        found.push(...page);
        after = lastNo(page, belonging.object, after);
        if (after === null || page.length < pageSize) break;
        const next = question(profile, belonging, parents, after);
        const [result] = (await api.ask([next], signal)).results;
        page = result === undefined ? [] : rowsOf(result, belonging.object);
      }
      return Map.groupBy(found, (row) => text(row, [belonging.parent]) ?? '');
    },
  };
}
