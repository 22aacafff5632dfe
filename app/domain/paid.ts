import type { Application, ErpDocument } from './document.ts';
import { compareDecimals } from './money.ts';

/** A document that a payment now pays, or pays no longer. */
export interface PaidNews {
  paid: Application & { kind: NonNullable<Application['kind']> };
  isPaid: boolean;
}

/** What a payment's change means for the documents it is for: each is told once, when it takes effect or ceases to. */
export function paidNews(before: ErpDocument | null, after: ErpDocument): PaidNews[] {
  const [was, is] = [inEffect(before), inEffect(after)];
  const fresh = [...is.values()].filter(({ key }) => !was.has(key));
  const ended = [...was.values()].filter(({ key }) => !is.has(key));
  return [...fresh.map((paid) => ({ paid, isPaid: true })), ...ended.map((paid) => ({ paid, isPaid: false }))];
}

/** What `payment` pays of the document with this key, where it is in effect. */
export function paysFor(payment: ErpDocument, { kind, key }: Pick<ErpDocument, 'kind' | 'key'>): PaidNews | undefined {
  const paid = inEffect(payment).get(key);
  return paid?.kind === kind ? { paid, isPaid: true } : undefined;
}

/** A payment takes effect when it is posted. One that voids another has amounts below zero and pays nothing. */
function inEffect(payment: ErpDocument | null): Map<string, PaidNews['paid']> {
  const paying = new Map<string, PaidNews['paid']>();
  if (payment?.phase !== 'posted' && payment?.phase !== 'closed') return paying;
  for (const { kind, key, amount, ...rest } of payment.applications ?? []) {
    if (kind !== null && amount !== null && compareDecimals(amount, '0') > 0) {
      paying.set(key, { kind, key, amount, ...rest });
    }
  }
  return paying;
}
