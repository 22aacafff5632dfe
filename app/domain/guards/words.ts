import type { Figured } from '../figures.ts';
import { shorten } from '../text.ts';
import type { Likeness } from './alike.ts';
import type { Guard, Neighbour } from './guards.ts';

const shownChanges = 4;

/** What is told of a release without approval, on the card and in its thread. */
export const unapprovedWords = (erp: string) =>
  `It was waiting for approval and was released without one that Countersign saw. Look at its approvals in ${erp} before it is paid.`;

/** A guard for people: what is so, what it means, what to do. `own` is the vendor's reference of the guarded document. */
export function guardWords(guard: Guard, { erp, own }: { erp: string; own: string | null }): Figured {
  switch (guard.type) {
    case 'duplicate':
      return duplicateWords(guard, own);
    case 'party': {
      const what = guard.what === 'bank' ? 'The vendor’s bank details' : 'The vendor’s remittance address or contact';
      const seen = [`${what} changed in ${erp}, seen on `, { date: guard.on }, `, ${daysAgo(guard.days)}. `];
      return [...seen, 'Call the vendor at a number you already have before you pay.'];
    }
    case 'discount':
      return discountWords(guard);
    case 'changed': {
      const more = guard.changes.length - shownChanges;
      const shown = guard.changes
        .slice(0, shownChanges)
        .flatMap(({ field, from, to, figures }, index) => [
          `${index === 0 ? ': ' : '; '}${field} `,
          figures?.from ?? shorten(from, 80),
          ' → ',
          figures?.to ?? shorten(to, 80),
        ]);
      return [
        'Changed since it was approved',
        ...(guard.on === null ? [] : [' on ', { date: guard.on }]),
        ...shown,
        `${more > 0 ? ` and ${more} more` : ''}. Ask whoever approved it before you go on.`,
      ];
    }
    case 'unapproved':
      return unapprovedWords(erp);
  }
}

function duplicateWords({ of, by, more }: Extract<Guard, { type: 'duplicate' }>, own: string | null): Figured {
  const others = more === 0 ? '' : more === 1 ? ' and of 1 more' : ` and of ${more} more`;
  return [
    `Possible duplicate of ${shorten(of.type, 24)} ${shorten(of.reference, 30)} (${shorten(of.status, 30)}`,
    ...(of.date === null ? [] : [', dated ', { date: of.date }]),
    `)${others}: same vendor and amount, ${alikeWords(by, of, own)}. Compare them before either is approved or paid.`,
  ];
}

function alikeWords(by: Likeness, { vendorReference }: Neighbour, own: string | null): string {
  if (by === 'day') return 'dated the same day, and one of them has no vendor reference';
  const [a, b] = [shorten(own ?? '', 40), shorten(vendorReference ?? '', 40)];
  if (by === 'reference') return a === b ? `same reference ${a}` : `like references ${a} and ${b}`;
  return `dated the same day, references ${a} and ${b} nearly the same`;
}

function discountWords({ amount, date, days }: Extract<Guard, { type: 'discount' }>): Figured {
  const what = ['iscount of ', { money: amount }];
  if (days < 0) return ['The d', ...what, ' lapsed on ', { date }, ', so the full amount is due.'];
  const when = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
  return ['D', ...what, ' lapses on ', { date }, `, ${when}: pay by then to take it.`];
}

const daysAgo = (days: number) => (days <= 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`);
