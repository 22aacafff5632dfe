import { addDays, daysBetween } from '../calendar.ts';
import { type Change, describeChanges, substanceHash } from '../changes.ts';
import type { ErpDocument, Money } from '../document.ts';
import { compareDecimals } from '../money.ts';
import { type Billed, type Likeness, likeness } from './alike.ts';

/** Another bill of the same vendor over the same amount. */
export interface Neighbour extends Billed {
  reference: string;
  status: string;
}

/** What is known around a document, besides what it says itself. Dates are days in the connection's time zone. */
export interface GuardFacts {
  today: string;
  neighbours: Neighbour[];
  /** The vendor's payment data, where it is read. `version` counts its changes. */
  party: { version: number; bankChangedOn: string | null; remittanceChangedOn: string | null } | null;
  /** `waiting`: it waited for an approval that was not seen since. `approved`: as it was then. */
  approval: { state: 'waiting' | 'approved'; on: string | null; document: ErpDocument | null } | null;
}

/** Something to be careful about. */
export type Guard =
  | { type: 'duplicate'; of: Neighbour; by: Likeness; more: number }
  | { type: 'party'; what: 'bank' | 'remittance'; on: string; days: number }
  | { type: 'discount'; amount: Money; date: string; days: number }
  | { type: 'changed'; on: string | null; changes: Change[] }
  | { type: 'unapproved' };

/** A vendor's changed bank details are warned of for so long; by then a payment run has come and gone. */
const partyDays = 30;
/** From so many days before it lapses on, a discount is worth a line. */
const discountDays = 7;

/** What to be careful about with a document that is still in the ERP; `until` is the day on which that reads differently. */
export function guardsOf(document: ErpDocument, facts: GuardFacts): { guards: Guard[]; until: string | null } {
  if (document.phase === 'voided' || document.phase === 'rejected') return { guards: [], until: null };
  const isBill = document.kind === 'bill';
  const found = [
    isBill ? unapproved(document, facts) : none,
    isBill ? changed(document, facts) : none,
    ...partyGuards(document, facts),
    isBill ? duplicate(document, facts) : none,
    isBill ? discount(document, facts) : none,
  ];
  const days = found.flatMap(({ until }) => until ?? []).sort();
  return { guards: found.flatMap(({ guard }) => guard ?? []), until: days[0] ?? null };
}

interface Found {
  guard?: Guard;
  until?: string;
}
const none: Found = {};

/** The facts of a document that count for its likeness to others. */
export function billedOf(document: ErpDocument): Billed {
  const { type, phase, vendorReference, amount, date, credit = false } = document;
  return { type, phase, vendorReference, currency: amount?.currency ?? null, date, credit };
}

const strength: Likeness[] = ['reference', 'mistyped', 'day'];

function duplicate(document: ErpDocument, { neighbours, today }: GuardFacts): Found {
  // What is paid is paid: the other one says that it resembles this.
  if (document.phase === 'closed' || !isOwed(document)) return none;
  const own = billedOf(document);
  const alike = neighbours
    .flatMap((of) => {
      const by = likeness(own, of);
      return by ? [{ of, by }] : [];
    })
    .sort(
      (a, b) =>
        strength.indexOf(a.by) - strength.indexOf(b.by) || awayFrom(a.of, own, today) - awayFrom(b.of, own, today),
    );
  const [nearest] = alike;
  return nearest ? { guard: { type: 'duplicate', ...nearest, more: alike.length - 1 } } : none;
}

const isOwed = ({ amount }: ErpDocument) => amount !== null && compareDecimals(amount.value, '0') > 0;
const awayFrom = (a: Billed, b: Billed, today: string) => Math.abs(daysBetween(a.date ?? today, b.date ?? today));

function partyGuards({ kind, phase }: ErpDocument, { party, today }: GuardFacts): Found[] {
  const isToPay = kind === 'bill' ? phase !== 'closed' : kind === 'payment' && phase !== 'closed' && phase !== 'posted';
  if (!party || !isToPay) return [];
  const changes = [
    ['bank', party.bankChangedOn],
    ['remittance', party.remittanceChangedOn],
  ] as const;
  return changes.map(([what, on]): Found => {
    const days = on === null ? null : daysBetween(on, today);
    if (on === null || days === null || days >= partyDays) return none;
    return { guard: { type: 'party', what, on, days }, until: addDays(today, 1) };
  });
}

function discount(document: ErpDocument, { today }: GuardFacts): Found {
  const { discountDate: date, discountAmount: amount, phase } = document;
  if (!date || !amount || compareDecimals(amount.value, '0') <= 0 || phase === 'closed') return none;
  const days = daysBetween(today, date);
  if (days > discountDays) return { until: addDays(date, -discountDays) };
  return { guard: { type: 'discount', amount, date, days }, ...(days < 0 ? {} : { until: addDays(today, 1) }) };
}

function changed(document: ErpDocument, { approval }: GuardFacts): Found {
  const then = approval?.document;
  if (!then || substanceHash(then) === substanceHash(document)) return none;
  const changes = describeChanges(then, document).filter(({ field }) => field !== 'status' && field !== 'description');
  return { guard: { type: 'changed', on: approval.on, changes } };
}

function unapproved({ phase }: ErpDocument, { approval }: GuardFacts): Found {
  const isReleased = phase === 'posted' || phase === 'closed';
  return isReleased && approval?.state === 'waiting' ? { guard: { type: 'unapproved' } } : none;
}
