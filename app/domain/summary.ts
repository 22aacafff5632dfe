import { formatMoment } from './dates.ts';
import type { ErpDocument, Money, Summary, SummaryEntry, SummaryGroup } from './document.ts';
import { compareDecimals, subtractDecimals, sumDecimals } from './money.ts';
import { periodWords, type ReportingPeriod } from './periods.ts';

/** What a ledger says was posted in a period: every journal of every module, and its largest entries, the largest first. */
export interface Postings {
  groups: SummaryGroup[];
  largest: SummaryEntry[];
}

/** What a summary can be when it is made: of a period that is still open, or of one that is being closed. */
export const summaryStates = { open: 'Open', closing: 'Closing' } as const;

const keptGroups = 200;
const keptLargest = 5;
const keptDifferences = 50;

export interface SummaryGiven {
  /** Natural key: the moment that it was due, or the asking that it answers. */
  key: string;
  period: ReportingPeriod;
  closing: boolean;
  /** When the ledger was read. */
  at: Date;
  timeZone: string;
  postings: Postings;
  /** The summary of the same period before this one. */
  previous: Summary | null;
}

/** A summary as a document: cards, routes, replay and audit treat it as any other. Nothing about it can be decided. */
export function summaryDocument(given: SummaryGiven): ErpDocument {
  const summary = summarise(given);
  const [only, another] = summary.totals;
  return {
    kind: 'summary',
    key: given.key,
    erpId: null,
    type: 'Summary',
    reference: `${periodWords(given.period)}, ${formatMoment(summary.at, given.timeZone)}`,
    status: given.closing ? summaryStates.closing : summaryStates.open,
    phase: 'other',
    vendor: null,
    vendorReference: null,
    amount: only && !another ? only : null,
    date: null,
    dueDate: null,
    description: null,
    terms: null,
    branch: null,
    lines: [],
    summary,
    modifiedAt: summary.at,
    actions: [],
    link: null,
  };
}

function summarise({ period, closing, at, timeZone, postings, previous }: SummaryGiven): Summary {
  const groups = mergeGroups(postings.groups).sort(
    (a, b) => b.entries - a.entries || compare(a.module, b.module) || compare(a.journal, b.journal),
  );
  const now = {
    period: { name: period.name, start: period.start, end: period.end },
    ...{ closing, timeZone, at: at.toISOString() },
    entries: groups.reduce((sum, { entries }) => sum + entries, 0),
    totals: sumMoney(groups.flatMap(({ totals }) => totals)),
    groups: groups.slice(0, keptGroups),
    moreGroups: Math.max(0, groups.length - keptGroups),
    largest: postings.largest.slice(0, keptLargest),
  };
  return { ...now, since: previous ? compareSummaries(previous, now) : null };
}

/** What is different now; the differences have their sign. */
function compareSummaries(before: Summary, now: Omit<Summary, 'since'>): NonNullable<Summary['since']> {
  const known = new Map(before.groups.map((group) => [nameOf(group), group]));
  const current = new Map(now.groups.map((group) => [nameOf(group), group]));
  // What was left out of a long list may be there all the same.
  const whole = before.moreGroups === 0;
  const wholeNow = now.moreGroups === 0;
  const added = whole ? now.groups.filter((group) => !known.has(nameOf(group))) : [];
  const fewer = before.groups.flatMap((group) => {
    const entries = current.get(nameOf(group))?.entries ?? (wholeNow ? 0 : group.entries);
    return entries < group.entries ? [{ ...journalOf(group), entries: group.entries - entries }] : [];
  });
  return {
    at: before.at,
    entries: now.entries - before.entries,
    totals: differences(before.totals, now.totals),
    newJournals: added.slice(0, keptDifferences).map(journalOf),
    fewer: fewer.slice(0, keptDifferences),
    withdrawn: withdrawn(before, now),
  };
}

/** An entry that would stand among the largest if it were still posted, and does not, is posted no more. */
function withdrawn(before: Summary, now: Omit<Summary, 'since'>): SummaryEntry[] {
  const smallest = now.largest.at(-1);
  const isFull = now.largest.length >= keptLargest;
  return before.largest.filter((entry) => {
    const same = now.largest.find(({ key }) => key === entry.key);
    if (same) return !sameMoney(same.totals, entry.totals);
    return !isFull || (smallest !== undefined && isSurelyLarger(entry, smallest));
  });
}

/** Amounts in other currencies cannot be compared here. */
function isSurelyLarger(a: SummaryEntry, b: SummaryEntry): boolean {
  const [one, more] = a.totals;
  const [other, others] = b.totals;
  if (!one || !other || more || others || one.currency !== other.currency) return false;
  return compareDecimals(one.value, other.value) > 0;
}

function sameMoney(a: readonly Money[], b: readonly Money[]): boolean {
  return differences(a, b).length === 0;
}

/** By currency, what `after` has more than `before`; nothing where they are equal. */
function differences(before: readonly Money[], after: readonly Money[]): Money[] {
  const currencies = [...new Set([...after, ...before].map(({ currency }) => currency))];
  return currencies.flatMap((currency) => {
    const valueIn = (all: readonly Money[]) => all.find((money) => money.currency === currency)?.value ?? '0';
    const value = subtractDecimals(valueIn(after), valueIn(before));
    return compareDecimals(value, '0') === 0 ? [] : [{ value, currency }];
  });
}

/** One sum a currency, the largest first. */
function sumMoney(all: readonly Money[]): Money[] {
  const byCurrency = Map.groupBy(all, ({ currency }) => currency);
  return [...byCurrency]
    .map(([currency, list]) => ({ value: sumDecimals(list.map(({ value }) => value)), currency }))
    .sort((a, b) => compareDecimals(b.value, a.value) || compare(a.currency ?? '', b.currency ?? ''));
}

function mergeGroups(groups: readonly SummaryGroup[]): SummaryGroup[] {
  return [...Map.groupBy(groups, nameOf).values()].flatMap(([first, ...more]) => {
    if (!first) return [];
    const all = [first, ...more];
    const entries = all.reduce((sum, group) => sum + group.entries, 0);
    return [{ ...first, entries, totals: sumMoney(all.flatMap(({ totals }) => totals)) }];
  });
}

const journalOf = ({ journal, module }: SummaryGroup) => ({ journal, module });
const nameOf = ({ journal, module }: SummaryGroup) => JSON.stringify([module, journal]);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
