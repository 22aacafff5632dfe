import type { Money, SummaryEntry, SummaryGroup } from '../../../app/domain/document.ts';
import { compareDecimals, sumDecimals } from '../../../app/domain/money.ts';

/** A posted entry, without its lines. */
export interface Header {
  key: string;
  reference: string;
  description: string | null;
  journal: string;
  module: string;
  date: string | null;
  link: string | null;
}

/** The debits of an entry: in each of its currencies, and in the company's own. */
export interface Debits {
  totals: Money[];
  base: string;
}

/** Counts entries as they come, and keeps no more of them than the largest. */
export interface Tally {
  add(header: Header, debits: Debits): void;
  groups(): SummaryGroup[];
  largest(): SummaryEntry[];
}

export function createTally(largestMost: number): Tally {
  const groups = new Map<
    string,
    { journal: string; module: string; entries: number; totals: Map<string | null, string> }
  >();
  let largest: Array<{ entry: SummaryEntry; base: string }> = [];

  return {
    add({ module, ...header }, { totals, base }) {
      const { journal } = header;
      const name = JSON.stringify([module, journal]);
      const group = groups.get(name) ?? { journal, module, entries: 0, totals: new Map() };
      groups.set(name, group);
      group.entries += 1;
      for (const { value, currency } of totals)
        group.totals.set(currency, sumDecimals([group.totals.get(currency) ?? '0', value]));
      const smallest = largest.at(-1);
      if (largest.length >= largestMost && smallest && compareDecimals(base, smallest.base) <= 0) return;
      largest = [...largest, { entry: { ...header, totals }, base }]
        .sort((a, b) => compareDecimals(b.base, a.base))
        .slice(0, largestMost);
    },
    groups: () =>
      [...groups.values()].map(({ totals, ...group }) => ({
        ...group,
        totals: [...totals].map(([currency, value]) => ({ value, currency })),
      })),
    largest: () => largest.map(({ entry }) => entry),
  };
}
