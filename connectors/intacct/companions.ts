import type { Api, Question } from './api.ts';
import { type Row, recordNo, rowsOf, text } from './fields.ts';
import type { FunctionResult } from './gateway/answer.ts';
import { applicationFieldsOf, type Kind, lineFieldsOf } from './kinds/kind.ts';
import { type Belonging, createOwnedReader, type OwnedRows } from './owned-rows.ts';
import type { Profile } from './profile.ts';
import { oneOf, query } from './query.ts';

/** What documents need besides their own rows. */
export interface Companions {
  lines: OwnedRows;
  applications: OwnedRows;
  /** What people call a paid document by; null where that is not known. */
  referenceOf(recordNo: string): string | null;
}

export interface CompanionReader {
  /** The first pages, to be asked for together with something else. */
  questions(profile: Profile, numbers: readonly string[]): Question[];
  /** All of it, given the answers to those. */
  complete(
    profile: Profile,
    numbers: readonly string[],
    answers: readonly FunctionResult[],
    signal: AbortSignal,
  ): Promise<Companions>;
}

const referencesPerQuestion = 1000;
const referencesMost = 20_000;

/** Reads the lines of documents, what payments pay, and what the paid is called. `what` names the documents for people. */
export function createCompanionReader(api: Api, kind: Kind, what: string, showPrivate: boolean): CompanionReader {
  const owned = createOwnedReader(api, showPrivate);
  const references = new Map<string, string | null>();
  const { lines, applications } = kind;
  const belongings: { name: 'lines' | 'applications'; belonging: Belonging }[] = [];
  if (lines) {
    const belonging = { ...lines, fields: lineFieldsOf(lines), what: `the lines of ${what}: ${lines.object}` };
    belongings.push({ name: 'lines', belonging });
  }
  if (applications) {
    const named = `what is paid by ${what}: ${applications.object}`;
    belongings.push({
      name: 'applications',
      belonging: { ...applications, fields: applicationFieldsOf(applications), what: named },
    });
  }

  /** Where the role may not read what is paid, it is called by its number. */
  async function learnReferences(rows: readonly Row[], signal: AbortSignal): Promise<void> {
    if (!applications) return;
    const { object, reference } = applications.of;
    const unknown = new Set(rows.map((row) => text(row, [applications.bill])).filter((one) => one !== null));
    const wanted = [...unknown].filter((one) => !references.has(one));
    if (references.size + wanted.length > referencesMost) references.clear();
    for (let from = 0; from < wanted.length; from += referencesPerQuestion) {
      const some = wanted.slice(from, from + referencesPerQuestion);
      const fields = ['RECORDNO', reference];
      const ask = query({ object, fields, filter: oneOf('RECORDNO', some), pageSize: some.length, showPrivate });
      const [result] = (await api.askAll([{ ask, what: object }], signal)).results;
      const found = result === undefined || result instanceof Error ? [] : rowsOf(result, object);
      for (const row of found) references.set(recordNo(row, object), text(row, [reference]));
      if (!(result instanceof Error)) for (const one of some) if (!references.has(one)) references.set(one, null);
    }
  }

  return {
    questions: (profile, numbers) => belongings.map(({ belonging }) => owned.question(profile, belonging, numbers)),
    async complete(profile, numbers, answers, signal) {
      const found: Record<'lines' | 'applications', OwnedRows> = { lines: new Map(), applications: new Map() };
      for (const [index, { name, belonging }] of belongings.entries()) {
        const first = answers[index];
        if (first) found[name] = await owned.complete(profile, belonging, numbers, first, signal);
      }
      await learnReferences([...found.applications.values()].flat(), signal);
      return { ...found, referenceOf: (number) => references.get(number) ?? null };
    },
  };
}
