import { daysBetween } from '../calendar.ts';
import type { Phase } from '../document.ts';

/** What tells whether two bills of one vendor over one amount may be the same invoice, entered twice. */
export interface Billed {
  /** The ERP's own word for the sort of record. */
  type: string;
  phase: Phase;
  vendorReference: string | null;
  currency: string | null;
  /** The document's own date. */
  date: string | null;
  /** It takes from what is owed. */
  credit: boolean;
}

/** By what two bills resemble each other; `mistyped`: their references differ by one slip of the hand. */
export type Likeness = 'reference' | 'mistyped' | 'day';

/** An invoice that is entered twice is dated within so many days of itself; a year later the number may be used anew. */
const nearDays = 90;
/** Short numbers differ by one digit all the time. */
const shortestMistyped = 5;

/**
 * How alike two bills are that have the vendor and the amount in common; null: they are two. The same amount alone says
 * nothing (a rent comes every month): it takes the same reference as well, or, where one of them has none, the same day.
 */
export function likeness(a: Billed, b: Billed): Likeness | null {
  if (!counts(a) || !counts(b) || a.type !== b.type || a.currency !== b.currency) return null;
  const apart = a.date === null || b.date === null ? null : Math.abs(daysBetween(a.date, b.date));
  if (apart !== null && apart > nearDays) return null;
  const [one, other] = [plainOf(a), plainOf(b)];
  if (one === null || other === null) return apart === 0 ? 'day' : null;
  if (one === other) return 'reference';
  return apart === 0 && isSlip(one, other) ? 'mistyped' : null;
}

const known = new WeakMap<Billed, string | null>();

/** Each bill's once: many are compared with each other. */
function plainOf(bill: Billed): string | null {
  const before = known.get(bill);
  if (before !== undefined) return before;
  const plain = plainReference(bill.vendorReference);
  known.set(bill, plain);
  return plain;
}

/** What was refused or taken back is not paid, and what takes from a debt does not add to it. */
function counts({ phase, credit }: Billed): boolean {
  return phase !== 'voided' && phase !== 'rejected' && !credit;
}

const leading = /^(?:invoice|inv|rechnung|rg|factura|facture|fact?|bill|number|num|nbr|no|nr|n[°º])(?=[^\p{L}])/u;
/** Letters that are written, or read by a machine, for digits. */
const lookalikes: Record<string, string> = { o: '0', i: '1', l: '1' };
const longest = 200;

/**
 * A vendor's reference without what people write differently: case, spaces, punctuation, leading zeros, "INV" or "No."
 * before the number. Null where nothing is left.
 */
export function plainReference(reference: string | null): string | null {
  let rest = (reference ?? '').slice(0, longest).normalize('NFKC').toLowerCase().trim();
  for (let shorter = rest; ; rest = shorter) {
    shorter = rest.replace(leading, '').replace(/^[^\p{L}\p{N}]+/u, '');
    if (shorter === rest) break;
  }
  const parts = rest.match(/[\p{L}\p{N}]+/gu) ?? [];
  const plain = parts.map(plainPart).join('').toUpperCase();
  return plain === '' ? null : plain;
}

function plainPart(part: string): string {
  if (!/\d/.test(part)) return part;
  return part.replace(/[oil]/g, (letter) => lookalikes[letter] ?? letter).replace(/(?<!\d)0+(?=\d)/g, '');
}

/** One character too many, or two that changed places. Another digit in its place is no slip: invoices are numbered so. */
function isSlip(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < shortestMistyped || long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  if (long.length > short.length) return short.slice(start) === long.slice(start + 1);
  const swapped = short[start] === long[start + 1] && short[start + 1] === long[start];
  return swapped && short.slice(start + 2) === long.slice(start + 2);
}
