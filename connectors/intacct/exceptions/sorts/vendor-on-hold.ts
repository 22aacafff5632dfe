import type { DocumentLine } from '../../../../app/domain/document.ts';
import { sumDecimals } from '../../../../app/domain/money.ts';
import type { Payment, Vendor } from '../records.ts';
import { type Finding, type Sort, solved } from '../sort.ts';

/** The payments that are on their way to the vendor, and their sum where they share a currency. */
export function openPayments({ payments }: Vendor): Finding | null {
  if (payments.length === 0) return null;
  const amounts = payments.flatMap(({ amount }) => amount ?? []);
  const currencies = new Set(amounts.map(({ currency }) => currency));
  const [currency] = currencies;
  const isOne = currencies.size === 1 && amounts.length === payments.length && currency !== undefined;
  return {
    amount: isOne ? { value: sumDecimals(amounts.map(({ value }) => value)), currency } : null,
    amountIs: 'to be paid',
    lines: payments.map(toLine),
  };
}

const toLine = ({ reference, state, amount }: Payment): DocumentLine => ({
  ...{ description: `Payment ${reference} · ${state}`, quantity: null, account: null },
  ...{ amount: amount?.value ?? null, currency: amount?.currency ?? null },
});

export const vendorOnHold: Sort<Vendor> = {
  id: 'on_hold',
  type: 'Vendor on hold has open payments',
  severity: 'critical',
  find: (vendor) => (vendor.isOnHold ? openPayments(vendor) : null),
  end: ({ isOnHold }) =>
    solved(isOnHold ? 'no payment to the vendor is on its way any more' : 'the vendor is no longer on hold'),
};
