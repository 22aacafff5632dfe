import type { DocumentLine } from '../../../app/domain/document.ts';
import { compareDecimals, sumDecimals } from '../../../app/domain/money.ts';
import type { JournalLine } from './records.ts';

/** One side against the other, exactly: decimal strings, `difference` is debit less credit. */
export interface Balance {
  name: string;
  /** Null: the base currency, which rows do not name. */
  currency: string | null;
  debit: string;
  credit: string;
  difference: string;
}

const isNegative = (value: string) => value.startsWith('-');
const unsigned = (value: string) => value.replace(/^-/, '');
export const isZero = (value: string) => compareDecimals(value, '0') === 0;

function balanceOf(name: string, currency: string | null, signed: readonly string[]): Balance {
  const debit = sumDecimals(signed.filter((value) => !isNegative(value)));
  const credit = sumDecimals(signed.filter(isNegative).map(unsigned));
  return { name, currency, debit, credit, difference: sumDecimals(signed) };
}

/** In each currency of the lines, by their own amounts. */
export function byCurrency(lines: readonly JournalLine[]): Balance[] {
  return [...Map.groupBy(lines, ({ currency }) => currency)].map(([currency, own]) =>
    balanceOf(
      currency === null ? 'In no currency' : `In ${currency}`,
      currency,
      own.map(({ amount }) => amount),
    ),
  );
}

/** Over all lines, in the base currency. */
export function overall(lines: readonly JournalLine[]): Balance {
  return balanceOf(
    'In the base currency',
    null,
    lines.map(({ base }) => base),
  );
}

/** In each entity, in the base currency. */
export function byEntity(lines: readonly JournalLine[]): Balance[] {
  return [...Map.groupBy(lines, ({ location }) => location)].map(([location, own]) =>
    balanceOf(
      `Entity ${location ?? 'not given'}`,
      null,
      own.map(({ base }) => base),
    ),
  );
}

export const differing = (balances: readonly Balance[]) => balances.filter(({ difference }) => !isZero(difference));

export function toLine({ name, currency, debit, credit, difference }: Balance): DocumentLine {
  return {
    ...{ description: name, quantity: null, amount: unsigned(difference), account: null },
    ...{ debit, credit, currency },
  };
}

export const sizeOf = ({ difference }: Balance) => unsigned(difference);
