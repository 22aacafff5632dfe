import { entities } from '../company.ts';
import { amount, cents } from '../ledger/amounts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Row } from '../ledger/row.ts';
import { addPayment, takeBack } from '../workflow/payments.ts';
import { addLines } from '../workflow/posting.ts';
import { daysFrom } from './calendar.ts';
import { clerk, type EntryWish, type Maker } from './maker.ts';

/** Sets the ledger's clock to the morning of a day (ISO), or back to now. */
export type At = (day: string | null) => void;

const billsOfEach = 4;
const daysBack = 60;

/** What becomes of the bills of the sample, in turn: the state of the bill, and the state and method of its payment. */
const billPlan: { state: string; payment?: string; method?: string; part?: boolean }[] = [
  { state: 'A', payment: 'C', method: 'ACH' },
  { state: 'A', payment: 'C', method: 'Printed Check' },
  { state: 'A' },
  { state: 'S' },
  { state: 'A', payment: 'S', method: 'ACH' },
  { state: 'A', payment: 'C', method: 'EFT', part: true },
  { state: 'D' },
  { state: 'A', payment: 'A', method: 'Printed Check' },
  { state: 'U' },
  { state: 'A', payment: 'U', method: 'ACH' },
  { state: 'PA' },
  { state: 'A', payment: 'V', method: 'Printed Check' },
  { state: 'A', payment: 'S', method: 'EFT' },
  { state: 'A', payment: 'D', method: 'ACH' },
  { state: 'A' },
];

/** Bills and payments in every state. The newest are of today. */
function addPayables(ledger: Ledger, maker: Maker, bills: number, at: At): void {
  for (let index = 0; index < bills; index += 1) {
    const plan = billPlan[index % billPlan.length];
    const ago = Math.round((daysBack * (bills - 1 - index)) / Math.max(1, bills - 1));
    const day = daysFrom(maker.today(), -ago);
    at(day);
    const bill = maker.bill({ state: plan?.state ?? 'A', day, quiet: true });
    if (!plan?.payment) continue;
    const due = cents(bill.TRX_TOTALDUE);
    const payDay = ago > 2 ? daysFrom(day, Math.min(ago, 12)) : day;
    at(payDay);
    const payment = addPayment(
      ledger,
      {
        bills: [{ bill, cents: plan.part ? due / 2n : due }],
        method: plan.method ?? 'ACH',
        state: plan.payment === 'V' ? 'C' : plan.payment,
        day: payDay,
        docNumber: plan.method === 'Printed Check' ? String(30_400 + index) : null,
      },
      clerk,
      true,
    );
    if (plan.payment === 'V') takeBack(ledger, payment, 'voided', clerk);
  }
  at(null);
  addPrivate(ledger, maker);
  holdVendors(ledger);
  reverseOne(ledger);
  addCreditNotes(ledger, maker);
}

/** What the top level does not see: bills of a private entity, one of them on its way to be paid. */
function addPrivate(ledger: Ledger, maker: Maker): void {
  for (const { branch } of entities.filter((entity) => entity.private)) {
    const bill = maker.bill({ state: 'A', branch, day: maker.today(), quiet: true });
    maker.bill({ state: 'S', branch, day: maker.today(), quiet: true });
    const share = [{ bill, cents: cents(bill.TRX_TOTALDUE) }];
    addPayment(ledger, { bills: share, method: 'ACH', state: 'S', day: maker.today(), docNumber: null }, clerk, true);
  }
}

/** One vendor on hold and one inactive, both with a payment on its way. */
function holdVendors(ledger: Ledger): void {
  const waiting = [...ledger.rows('APPYMT')].filter(({ STATE }) => STATE === 'S' || STATE === 'A');
  const vendors = [...new Set(waiting.map(({ VENDORID }) => VENDORID))];
  const [held, inactive] = vendors.map((id) => ledger.where('VENDOR', 'VENDORID', id)[0]);
  if (held) ledger.change('VENDOR', held, { ONHOLD: 'T' }, clerk, { quiet: true });
  if (inactive) ledger.change('VENDOR', inactive, { STATUS: 'F' }, clerk, { quiet: true });
}

/** A payment that the bank sent back is reversed: a payment of its own takes the money back. */
function reverseOne(ledger: Ledger): void {
  const payment = [...ledger.rows('APPYMT')].findLast(
    ({ STATE, PAYMENTMETHOD }) => STATE === 'C' && PAYMENTMETHOD === 'ACH',
  );
  if (!payment) return;
  takeBack(ledger, payment, 'reversed', clerk);
  const { RECORDNO: _, RECORDID, ...fields } = payment as Row & { RECORDID: string };
  const negative = (field: string) => amount(-cents(payment[field]));
  const totals = { TOTALENTERED: negative('TOTALENTERED'), TRX_TOTALENTERED: negative('TRX_TOTALENTERED') };
  const told = { RECORDID: `${RECORDID}-R`, DESCRIPTION: `Reversal of ${RECORDID}` };
  ledger.add('APPYMT', { ...fields, ...totals, ...told } as Record<string, string | number | null>, clerk, true);
}

function addCreditNotes(ledger: Ledger, maker: Maker): void {
  for (const bill of [...ledger.rows('APBILL')].filter(({ STATE }) => STATE === 'A').slice(0, 2)) {
    const credit = amount(-(cents(bill.TOTALENTERED) / 20n));
    const fields = {
      RECORDID: `CR-${bill.RECORDID}`,
      STATE: 'A',
      VENDORID: bill.VENDORID ?? null,
      DOCNUMBER: null,
      DESCRIPTION: `Credit on ${bill.RECORDID}`,
      CURRENCY: bill.CURRENCY ?? null,
      BASECURR: bill.BASECURR ?? null,
      WHENCREATED: maker.today(),
      WHENPOSTED: maker.today(),
      TOTALENTERED: credit,
      TOTALDUE: credit,
      TOTALPAID: amount(0n),
      MEGAENTITYKEY: bill.MEGAENTITYKEY ?? null,
    };
    ledger.add('APADJUSTMENT', fields, clerk, true);
  }
}

/** Entries of several modules and in every state, odd ones among them. */
function addEntries(ledger: Ledger, maker: Maker, closedThrough: string, at: At): void {
  const ago = (days: number) => daysFrom(maker.today(), -days);
  const entry = (wish: EntryWish & { day: string }, stamped: string | null = wish.day) => {
    at(stamped);
    return maker.entry({ ...wish, quiet: true });
  };
  for (let index = 0; index < billsOfEach; index += 1) {
    for (const [journal, module] of [
      ['GJ', '2.GL'],
      ['EEJ', '6.EE'],
      ['CMJ', '11.CM'],
    ] as const) {
      entry({ state: 'P', journal, module, day: ago(index * 9) });
    }
    entry({ state: 'S', day: ago(index) });
  }
  entry({ state: 'P', currency: 'EUR', day: ago(3) });
  entry({ state: 'X', day: ago(2) });
  entry({ state: 'A', day: ago(1) });
  entry({ state: 'R', day: ago(4) });
  entry({ state: 'L', day: ago(6) });
  const reversed = entry({ state: 'Z', day: ago(20) });
  const reversal = entry({ state: 'P', day: ago(19), title: `Reversed - ${reversed.BATCH_TITLE}` });
  const links = { REVERSED: reversal.BATCH_DATE ?? null, REVERSEDKEY: reversal.RECORDNO };
  ledger.change('GLBATCH', reversed, links, clerk, { quiet: true });
  ledger.change('GLBATCH', reversal, { REVERSEDFROM: String(reversed.RECORDNO) }, clerk, { quiet: true });
  // Stuck: submitted three weeks ago and never looked at again.
  entry({ state: 'S', day: ago(21) });
  // Drafts: one whole, one that lacks a tenth of its credit, one that balances only across entities.
  entry({ state: 'I', day: ago(1) });
  entry({ state: 'I', day: ago(1), balance: 'too little credit' });
  entry({ state: 'I', day: ago(2), balance: 'balanced across entities only' });
  const counted = entry({ state: 'I', day: ago(2), title: 'Headcount' });
  const count = { account: '6000', side: 'debit' as const, cents: 4_200n, entity: 1, statistical: true };
  addLines(ledger, counted, [count], clerk);
  entry({ state: 'I', day: ago(40), title: 'Old draft' });
  // Posted now, though the books of that day are closed.
  entry({ state: 'P', day: closedThrough, title: 'Late invoice of a closed month' }, null);
  // Older releases stamped changes with nothing, or with the beginning of time.
  entry({ state: 'P', day: ago(120), more: { WHENMODIFIED: 0 } });
  entry({ state: 'P', day: ago(121), more: { WHENMODIFIED: null } });
  entry({ state: 'P', day: ago(5), journal: 'GJADJ', title: 'Adjustment: rounding' });
  at(null);
}

/** The books as they stand when the gateway starts: the same each time, but for their dates. */
export function addBooks(ledger: Ledger, maker: Maker, bills: number, closedThrough: string, at: At): void {
  addPayables(ledger, maker, bills, at);
  addEntries(ledger, maker, closedThrough, at);
}
