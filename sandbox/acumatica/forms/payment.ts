import { z } from 'zod';
import { displayMoney } from '../../money.ts';
import { lineId } from '../bill-lines.ts';
import { applyChanges, commonChanges, decimal, newKeys, text } from '../changes.ts';
import type { DocumentRecord } from '../document.ts';
import { detailText } from '../record-text.ts';
import { type Detail, type Field, field } from '../record-type.ts';
import type { Records } from '../records.ts';
import type { Vendors } from '../vendors.ts';
import type { Shown } from '../view.ts';
import type { Workflow } from '../workflow.ts';
import { dayOf } from './shared.ts';

/** What a payment is applied to, and how much of it. */
export interface Application {
  type: string;
  ref: string;
  amount: bigint;
}

/** Money to a vendor or from a customer: the two forms differ in whose it is and in what it pays. */
export interface Payment extends DocumentRecord {
  party: string | null;
  cashAccount: string;
  method: string;
  paymentRef: string | null;
  applied: readonly Application[];
  /** Released: what it was applied to is history. */
  isReleased: boolean;
}

const applicationFields: readonly Field<Application>[] = [
  field('AmountPaid', 'decimal', (row) => row.amount),
  field('Balance', 'decimal', () => 0n),
  field('CashDiscountBalance', 'decimal', () => 0n),
  field('DocType', 'string', (row) => row.type),
  field('ReferenceNbr', 'string', (row) => row.ref),
];

/** The applications of payments that are released, or of those that are not: each is in a detail of its own. */
export const applicationRows = (isReleased: boolean): Detail<Payment> => ({
  fields: applicationFields.map(({ name }) => name),
  write: (payment, names) =>
    detailText(
      payment.isReleased === isReleased ? payment.applied : [],
      applicationFields,
      (row) => lineId(payment.id, payment.applied.indexOf(row)),
      names,
    ),
});

export function unapplied({ amount, applied }: Payment): bigint {
  return (amount ?? 0n) - applied.reduce((sum, row) => sum + row.amount, 0n);
}

/** The fields that both entities have. */
export const paymentFields: readonly Field<Payment>[] = [
  field('ApplicationDate', 'datetime', (payment) => payment.date),
  field('CashAccount', 'string', (payment) => payment.cashAccount),
  field('CurrencyID', 'string', (payment) => payment.currency),
  field('Description', 'string', (payment) => payment.description),
  field('Hold', 'boolean', (payment) => payment.status === 'On Hold'),
  field('LastModifiedDateTime', 'datetime', (payment) => payment.modifiedAt),
  field('PaymentAmount', 'decimal', (payment) => payment.amount),
  field('PaymentMethod', 'string', (payment) => payment.method),
  field('PaymentRef', 'string', (payment) => payment.paymentRef),
  field('ReferenceNbr', 'string', (payment) => payment.ref),
  field('Status', 'string', (payment) => payment.status),
  field('Type', 'string', (payment) => payment.type),
];

const released = ['Open', 'Reserved', 'Closed', 'Voided'];

export const isReleasedIn = (status: string): boolean => released.includes(status);

/** What can be said of a payment by hand. `pays` names the documents with the amounts; their sum is the payment's. */
export function paymentSchemas<S extends [string, ...string[]], T extends [string, ...string[]]>(
  statuses: S,
  types: T,
) {
  const changes = z.strictObject({
    ...commonChanges,
    status: z.enum(statuses).optional(),
    party: text.optional(),
    partyName: z.string().min(1).optional(),
    cashAccount: z.string().optional(),
    method: z.string().optional(),
    paymentRef: text.optional(),
    pays: z.array(z.object({ type: z.string().default('Bill'), ref: z.string(), amount: decimal })).optional(),
  });
  return { changes, added: changes.extend(newKeys(types)) };
}
export type PaymentChanges = z.output<ReturnType<typeof paymentSchemas>['changes']>;

export function applyToPayment(
  payment: Payment,
  { party, partyName, pays, ...rest }: PaymentChanges,
  parties: Vendors,
  map: readonly string[],
): void {
  applyChanges(payment, rest, map);
  if (party !== undefined) payment.party = party;
  if (partyName) payment.party = parties.named(partyName).code;
  if (pays) {
    payment.applied = pays;
    if (rest.amount === undefined) payment.amount = pays.reduce((sum, row) => sum + row.amount, 0n);
  }
  if (rest.status) payment.isReleased = isReleasedIn(rest.status);
}

/** A payment as it would come in: of today, by bank transfer. */
export function draftPayment(
  type: string,
  status: string,
  now: number,
): Omit<Payment, 'id' | 'ref' | 'createdAt' | 'modifiedAt'> {
  return {
    type,
    status,
    party: null,
    cashAccount: '10200',
    method: 'BACS',
    paymentRef: null,
    applied: [],
    isReleased: isReleasedIn(status),
    description: null,
    amount: 0n,
    currency: 'GBP',
    date: dayOf(now),
    branch: 'HMT',
    steps: [],
    decisions: [],
    extras: null,
    createdBy: 'clerk',
    modifiedBy: 'clerk',
  };
}

export function shownPayment(payment: Payment, parties: Vendors): Shown {
  return {
    party: { code: payment.party, name: parties.get(payment.party)?.name ?? null },
    day: payment.date,
    lines: payment.applied.map(({ type, ref, amount }) => ({
      description: `${type} ${ref}`,
      quantity: null,
      account: null,
      amount: displayMoney(amount),
    })),
    facts: [
      ['Cash account', payment.cashAccount],
      ['Payment method', payment.method],
      ['Payment ref.', payment.paymentRef],
      ['Unapplied', displayMoney(unapplied(payment))],
    ],
  };
}

/** Adding and changing by hand, for either form. */
export function byHand(
  { records, workflow }: { records: Records<Payment>; workflow: Workflow<Payment> },
  { changes, added }: ReturnType<typeof paymentSchemas>,
  parties: Vendors,
  now: () => number,
) {
  return {
    add(fields: unknown): Payment {
      const { type = 'Payment', ref, modifiedAt, status = 'Balanced', ...rest } = added.parse(fields ?? {});
      const draft = draftPayment(type, status, now());
      const payment = records.add({ ...draft, ref, modifiedAt, createdBy: rest.createdBy ?? 'clerk' }, false);
      payment.party = parties.all()[0]?.code ?? null;
      applyToPayment(payment, { ...rest, status }, parties, workflow.map());
      records.announceAdded(payment);
      return payment;
    },
    edit(payment: Payment, given: unknown): void {
      const parsed = changes.parse(given);
      applyToPayment(payment, parsed, parties, workflow.map());
      records.changed(payment, parsed.by ?? 'clerk', parsed.touch ?? true);
    },
  };
}
