/**
 * Where a payment stands. Sources and companies differ in the labels of APPYMT.STATE (a refusal is "Unapproved" in one and
 * "Declined" in another, and has no published code), so each is known by its word; an unknown one is on its way.
 */
export type PaymentStanding = 'draft' | 'open' | 'refused' | 'done' | 'taken back';

const words: ReadonlyArray<readonly [PaymentStanding, RegExp]> = [
  ['draft', /^draft$/i],
  ['refused', /^(unapproved|declined|rejected|not approved)$/i],
  ['done', /^(posted|completed?|closed|confirmed|cleared|deleted)$/i],
  ['taken back', /^(void(ed)?|revers(ed|al))$/i],
];

/** The labels that are published, for a company that does not tell its own. */
const published = [
  'Draft',
  'Submitted',
  'Unapproved',
  'Partially Approved',
  'Approved',
  'Delivered',
  'Posted',
  'Voided',
];

export function paymentStanding(label: string): PaymentStanding {
  return words.find(([, pattern]) => pattern.test(label.trim()))?.[0] ?? 'open';
}

/** Of the labels that the company has, those of payments that stand so. */
export function labelsOf(known: readonly string[], ...standings: PaymentStanding[]): string[] {
  return (known.length > 0 ? known : published).filter((label) => standings.includes(paymentStanding(label)));
}
