import { PermanentError, ReconnectError } from '../../../app/domain/errors.ts';
import { sumDecimals } from '../../../app/domain/money.ts';
import type { Api, Question } from '../api.ts';
import { decimal, lastNo, type Row, rowsOf, text } from '../fields.ts';
import type { FunctionResult } from '../gateway/answer.ts';
import type { Profile } from '../profile.ts';
import { allOf, equalTo, greaterThan, oneOf, query } from '../query.ts';
import { rowsMost } from './queries.ts';
import type { Debits } from './tally.ts';

const object = 'GLENTRY';
const what = 'the lines of posted entries (GLENTRY)';
/** Lines of headcounts and the like are no money. */
const isStatistical = (row: Row) => /^(t|true)$/i.test(text(row, ['STATISTICAL']) ?? '');

/** Reads what entries debit, page by page; nothing of the lines is kept. */
export interface DebitReader {
  /** The request for the entries' sums, to be sent together with another. */
  question(profile: Profile, entries: readonly string[]): Question;
  /** By the entry's number; `first` is what `question` came to. An entry without debits is not there. */
  read(
    profile: Profile,
    entries: readonly string[],
    first: FunctionResult | Error,
    signal: AbortSignal,
  ): Promise<Map<string, Debits>>;
}

export function createDebitReader(api: Api, showPrivate: boolean): DebitReader {
  /** Whether this company's gateway sums by entry; where it does not, the lines are read one by one. */
  let sums = true;

  function question(profile: Profile, entries: readonly string[], after?: string): Question {
    const filter = allOf(equalTo('TR_TYPE', '1'), oneOf('BATCHNO', entries));
    const fields = ['BATCHNO', ...profile.fields(object, ['CURRENCY', 'STATISTICAL'])];
    const amounts = profile.fields(object, ['TRX_AMOUNT', 'AMOUNT']);
    const page = { object, pageSize: rowsMost, showPrivate };
    if (sums) return { ask: query({ ...page, fields, sums: amounts, filter, order: 'BATCHNO' }), what };
    const rest = after === undefined ? filter : allOf(filter, greaterThan('RECORDNO', after));
    return {
      ask: query({ ...page, fields: ['RECORDNO', ...fields, ...amounts], filter: rest }),
      what,
    };
  }

  async function ask(one: Question, signal: AbortSignal): Promise<Row[]> {
    const { results } = await api.ask([one], signal);
    return results[0] === undefined ? [] : rowsOf(results[0], object);
  }

  /** Every line; a page of two thousand at a time, of which the first may have come already. */
  async function readLines(
    profile: Profile,
    entries: readonly string[],
    signal: AbortSignal,
    first?: Row[],
  ): Promise<Map<string, Debits>> {
    const debits = new Map<string, Debits>();
    let rows = first ?? (await ask(question(profile, entries), signal));
    for (let after: string | null = null; ; ) {
      for (const row of rows) add(debits, row, '');
      after = lastNo(rows, object, after);
      if (after === null || rows.length < rowsMost) return debits;
      rows = await ask(question(profile, entries, after), signal);
    }
  }

  const read: DebitReader['read'] = async (profile, entries, first, signal) => {
    if (!sums) return readLines(profile, entries, signal, linesIn(first));
    if (first instanceof Error) {
      // A refusal of rights is one whichever way it is asked.
      if (!(first instanceof PermanentError) || first instanceof ReconnectError) throw first;
      sums = false;
      return readLines(profile, entries, signal);
    }
    const rows = rowsOf(first, object);
    if (!areSums(rows, entries)) {
      sums = false;
      return readLines(profile, entries, signal);
    }
    if (rows.length < rowsMost) return collect(rows);
    // More currencies than fit a page: in halves, so that no entry is torn.
    const middle = Math.ceil(entries.length / 2);
    const halves = [entries.slice(0, middle), entries.slice(middle)].filter((half) => half.length > 0);
    if (halves.length < 2) return readLines(profile, entries, signal);
    const all = new Map<string, Debits>();
    for (const half of halves) {
      const { results } = await api.askAll([question(profile, half)], signal);
      const answer = results[0];
      if (answer === undefined) continue;
      for (const [key, debits] of await read(profile, half, answer, signal)) all.set(key, debits);
    }
    return all;
  };

  return { question: (profile, entries) => question(profile, entries), read };
}

/** The lines of an answer; undefined where it was asked for sums before it was known that there are none. */
function linesIn(answer: FunctionResult | Error): Row[] | undefined {
  const rows = answer instanceof Error ? undefined : rowsOf(answer, object);
  return rows?.every((row) => row.has('RECORDNO')) ? rows : undefined;
}

/** Whether the rows are one for each combination that was asked for, and not lines or a single sum of all. */
function areSums(rows: readonly Row[], entries: readonly string[]): boolean {
  const asked = new Set(entries);
  const seen = new Set<string>();
  for (const row of rows) {
    const key = text(row, ['BATCHNO']);
    const name = JSON.stringify([key, text(row, ['CURRENCY']), text(row, ['STATISTICAL'])]);
    if (key === null || !asked.has(key) || seen.has(name)) return false;
    if (!row.has('SUM.TRX_AMOUNT') && !row.has('SUM.AMOUNT')) return false;
    seen.add(name);
  }
  return true;
}

function collect(rows: readonly Row[]): Map<string, Debits> {
  const debits = new Map<string, Debits>();
  for (const row of rows) add(debits, row, 'SUM.');
  return debits;
}

function add(debits: Map<string, Debits>, row: Row, prefix: string): void {
  const key = text(row, ['BATCHNO']);
  if (key === null || isStatistical(row)) return;
  const base = decimal(row, [`${prefix}AMOUNT`, `${prefix}TRX_AMOUNT`]) ?? '0.00';
  const value = decimal(row, [`${prefix}TRX_AMOUNT`, `${prefix}AMOUNT`]) ?? '0.00';
  const currency = text(row, ['CURRENCY']);
  const known = debits.get(key) ?? { totals: [], base: '0.00' };
  const same = known.totals.find((money) => money.currency === currency);
  const totals = same
    ? known.totals.map((money) => (money === same ? { value: sumDecimals([money.value, value]), currency } : money))
    : [...known.totals, { value, currency }];
  debits.set(key, { totals, base: sumDecimals([known.base, base]) });
}
