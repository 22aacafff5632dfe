import { baseCurrency } from '../company.ts';
import { amount, cents } from '../ledger/amounts.ts';
import type { Hand, Ledger } from '../ledger/ledger.ts';
import type { NewRow, Row } from '../ledger/row.ts';
import { accounts } from '../seed/standing.ts';
import { changeBalances, entityKeyOf, entityOfLines, totals } from './bills.ts';
import { type Line, postToSummary } from './posting.ts';

export interface NewPayment {
  bills: { bill: Row; cents: bigint }[];
  method: string;
  /** Code of STATE. */
  state: string;
  /** ISO */
  day: string;
  docNumber: string | null;
  more?: NewRow;
}

/** States in which the bills of a payment are chosen but not paid. A refused request keeps them so. */
const selecting = new Set(['S', 'PA', 'A', 'E', 'U']);

interface Share {
  detail: Row;
  bill: Row;
  cents: bigint;
}

function sharesOf(ledger: Ledger, payment: Row): Share[] {
  return ledger.where('APPYMTDETAIL', 'PAYMENTKEY', payment.RECORDNO).flatMap((detail) => {
    const bill = ledger.get('APBILL', detail.RECORDKEY);
    return bill ? [{ detail, bill, cents: cents(detail.TRX_PAYMENTAMOUNT) }] : [];
  });
}

/** Adds a payment of one vendor's bills, in one currency, and does to the bills what its state means. */
export function addPayment(ledger: Ledger, payment: NewPayment, hand: Hand, quiet = false): Row {
  const [first] = payment.bills;
  if (!first) throw new RangeError('a payment needs a bill');
  const { bill } = first;
  const rate = String(bill.EXCHANGE_RATE ?? '1');
  const whole = payment.bills.reduce((all, share) => all + share.cents, 0n);
  const paid = payment.state === 'C' ? whole : 0n;
  const fields: NewRow = {
    FINANCIALENTITY: bill.CURRENCY === baseCurrency ? 'GBS-MAIN' : 'GBS-EUR',
    STATE: payment.state,
    PAYMENTMETHOD: payment.method,
    VENDORID: bill.VENDORID ?? null,
    DOCNUMBER: payment.docNumber,
    DESCRIPTION: bill.DESCRIPTION ?? null,
    WHENCREATED: payment.day,
    WHENPAID: payment.state === 'C' ? payment.day : null,
    BASECURR: baseCurrency,
    CURRENCY: bill.CURRENCY ?? null,
    ...totals({ TOTALENTERED: whole, TOTALPAID: paid }, rate),
    CLEARED: 'F',
    CLRDATE: null,
    PAYMENTREQUESTMETHOD: 'vendor',
    MEGAENTITYKEY: entityKeyOf(bill),
    level: 0,
    ...payment.more,
  };
  const row = ledger.add('APPYMT', fields, hand, true);
  ledger.change('APPYMT', row, { RECORDID: `PAY-${row.RECORDNO}` }, hand, { touch: false, quiet: true });
  for (const share of payment.bills) {
    const amounts = totals({ PAYMENTAMOUNT: share.cents }, rate);
    const detail = { PAYMENTKEY: row.RECORDNO, RECORDKEY: share.bill.RECORDNO, STATE: payment.state, ...amounts };
    const item = ledger.where('APBILLITEM', 'RECORDKEY', share.bill.RECORDNO)[0];
    const entry = { ENTRYKEY: item?.RECORDNO ?? null, ADJUSTMENTKEY: null, CURRENCY: bill.CURRENCY ?? null };
    ledger.add('APPYMTDETAIL', { ...detail, ...entry }, hand, true);
    if (selecting.has(payment.state)) changeBalances(ledger, share.bill, { selected: share.cents }, hand, quiet);
    if (payment.state === 'C') changeBalances(ledger, share.bill, { paid: share.cents, day: payment.day }, hand, quiet);
  }
  if (payment.state === 'C') post(ledger, row, 'paid', hand, quiet);
  if (!quiet) ledger.announceAdded('APPYMT', row, hand);
  return row;
}

/** Accounts payable against the bank, or back again, in the summary of the day. */
function post(ledger: Ledger, payment: Row, way: 'paid' | 'taken back', hand: Hand, quiet = false): void {
  const lines = sharesOf(ledger, payment).flatMap((share): Line[] => {
    const common = {
      cents: share.cents,
      currency: String(payment.CURRENCY),
      rate: String(share.bill.EXCHANGE_RATE ?? '1'),
      entity: entityOfLines(ledger, share.bill),
      vendor: String(payment.VENDORID),
      text: `${payment.PAYMENTMETHOD} ${payment.DOCNUMBER ?? payment.RECORDID}`,
    };
    const bank = payment.CURRENCY === baseCurrency ? accounts.bank : accounts.euroBank;
    const [debit, credit] = way === 'paid' ? [accounts.payable, bank] : [bank, accounts.payable];
    return [
      { ...common, account: debit, side: 'debit' },
      { ...common, account: credit, side: 'credit' },
    ];
  });
  const place = {
    journal: 'CDJ',
    module: '3.AP',
    day: String(payment.WHENCREATED),
    entity: entityKeyOf(payment),
    lines,
  };
  const batch = postToSummary(ledger, place, way === 'paid' ? 'Payments' : 'Voided Payments', hand, quiet);
  const posted = { PRBATCH: batch.BATCH_TITLE ?? null, PRBATCHKEY: batch.PRBATCHKEY ?? null };
  ledger.change('APPYMT', payment, posted, hand, { touch: false, quiet: true });
}

/** Moves a payment to a state that leaves its bills as they are. */
export function move(
  ledger: Ledger,
  payment: Row,
  state: string,
  workflow: string,
  hand: Hand,
  more: NewRow = {},
): void {
  ledger.change('APPYMT', payment, { STATE: state, ...more }, { ...hand, workflow });
  for (const { detail } of sharesOf(ledger, payment))
    ledger.change('APPYMTDETAIL', detail, { STATE: state }, hand, { quiet: true });
}

/** The money is on its way: the bills are paid and the ledger knows. `day` is ISO. */
export function complete(ledger: Ledger, payment: Row, day: string, hand: Hand): void {
  for (const { bill, cents: share } of sharesOf(ledger, payment))
    changeBalances(ledger, bill, { selected: -share, paid: share, day }, hand);
  const paid = {
    WHENPAID: day,
    TOTALPAID: payment.TOTALENTERED ?? null,
    TRX_TOTALPAID: payment.TRX_TOTALENTERED ?? null,
  };
  move(ledger, payment, 'C', 'paid', hand, paid);
  post(ledger, payment, 'paid', hand);
}

/** Takes a payment back, whether it was made or only asked for. */
export function takeBack(ledger: Ledger, payment: Row, workflow: 'voided' | 'reversed', hand: Hand): void {
  const made = payment.STATE === 'C';
  for (const { bill, cents: share } of sharesOf(ledger, payment))
    changeBalances(ledger, bill, made ? { paid: -share } : { selected: -share }, hand);
  if (made) post(ledger, payment, 'taken back', hand);
  const nothing = { TOTALPAID: amount(0n), TRX_TOTALPAID: amount(0n) };
  move(ledger, payment, 'V', workflow, hand, nothing);
}
