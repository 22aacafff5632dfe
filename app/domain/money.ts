import Big from 'big.js';
import type { Money } from './document.ts';
import { defaultLocale } from './locale.ts';

/** -1, 0 or 1: `a` against `b`, both decimal strings, compared exactly. */
export function compareDecimals(a: string, b: string): -1 | 0 | 1 {
  return Big(a).cmp(Big(b)) as -1 | 0 | 1;
}

/** The exact difference `a - b`, with two places or more. */
export function subtractDecimals(a: string, b: string): string {
  return sumDecimals([a, Big(b).times(-1).toFixed()]);
}

/** A whole number for people: "1,204". */
export function formatCount(count: number, locale: string = defaultLocale): string {
  return formatOf(locale, {}).format(count);
}

/** The exact sum of decimal strings, with two places or more. */
export function sumDecimals(values: readonly string[]): string {
  const sum = values.reduce((total, value) => total.plus(value), Big(0));
  return sum.toFixed(Math.max(2, sum.c.length - sum.e - 1));
}

const formats = new Map<string, Intl.NumberFormat>();
const formatsMost = 200;

/** Making a format costs a hundred times what using it does. */
function formatOf(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify([locale, options]);
  const known = formats.get(key);
  if (known) return known;
  if (formats.size >= formatsMost) formats.clear();
  const made = new Intl.NumberFormat(locale, { ...options, numberingSystem: 'latn' });
  formats.set(key, made);
  return made;
}

/** For people: "£74,039.61"; a currency that is no ISO code stands behind the number. Exact at any size. */
export function formatMoney(money: Money, locale: string = defaultLocale): string {
  const decimals = { minimumFractionDigits: 2, maximumFractionDigits: 20 } as const;
  // Intl formats decimal strings exactly; TypeScript's library types them as template literals.
  const value = money.value as `${number}`;
  if (money.currency && /^[A-Z]{3}$/.test(money.currency)) {
    const digits = formatOf(locale, { style: 'currency', currency: money.currency });
    const usual = digits.resolvedOptions().maximumFractionDigits ?? 2;
    const needed = (money.value.split('.')[1] ?? '').replace(/0+$/, '').length;
    return formatOf(locale, {
      style: 'currency',
      currency: money.currency,
      minimumFractionDigits: usual,
      maximumFractionDigits: Math.max(usual, needed),
    }).format(value);
  }
  const number = formatOf(locale, decimals).format(value);
  return money.currency ? `${number} ${money.currency}` : number;
}
