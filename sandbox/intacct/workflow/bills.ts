import { baseCurrency, entityById, entityByKey } from '../company.ts';
import { amount, cents, converted, sum } from '../ledger/amounts.ts';
import type { Hand, Ledger } from '../ledger/ledger.ts';
import type { NewRow, Row } from '../ledger/row.ts';
import { accounts } from '../seed/standing.ts';
import { type Line, postToSummary } from './posting.ts';

export interface NewBill {
  vendor: string;
  billNo: string;
  docNumber: string | null;
  description: string;
  /** ISO */
  day: string;
  due: string;
  /** Code of STATE. */
  state: string;
  currency: string;
  rate: string;
  entity: number;
  /** The bill belongs to the top level, though its lines name an entity. */
  topLevel: boolean;
  lines: { account: string; cents: bigint; text: string }[];
  more?: NewRow;
}

/** The amounts of a bill or payment, in its currency and in the base currency. */
export function totals(trx: Record<string, bigint>, rate: string): NewRow {
  const row: NewRow = {};
  for (const [name, value] of Object.entries(trx)) {
    row[name] = amount(converted(value, rate));
    row[`TRX_${name}`] = amount(value);
  }
  return row;
}

/** Adds a bill with its lines; one that is posted goes into the ledger. */
export function addBill(ledger: Ledger, bill: NewBill, hand: Hand, quiet = false): Row {
  const whole = bill.lines.reduce((all, line) => all + line.cents, 0n);
  const fields: NewRow = {
    RECORDID: bill.billNo,
    STATE: bill.state,
    VENDORID: bill.vendor,
    DOCNUMBER: bill.docNumber,
    TERMNAME: 'Net 30',
    DESCRIPTION: bill.description,
    WHENCREATED: bill.day,
    WHENPOSTED: bill.state === 'A' ? bill.day : null,
    WHENDUE: bill.due,
    WHENPAID: null,
    RECPAYMENTDATE: null,
    PAYMENTPRIORITY: 'normal',
    ...totals({ TOTALENTERED: whole, TOTALSELECTED: 0n, TOTALPAID: 0n, TOTALDUE: whole }, bill.rate),
    ONHOLD: 'F',
    BASECURR: baseCurrency,
    CURRENCY: bill.currency,
    EXCHANGE_RATE: bill.rate,
    MODULEKEY: '3.AP',
    MEGAENTITYKEY: bill.topLevel ? null : bill.entity,
    ...bill.more,
  };
  const row = ledger.add('APBILL', fields, hand, true);
  for (const [index, line] of bill.lines.entries()) {
    const item = {
      RECORDKEY: row.RECORDNO,
      LINE_NO: index + 1,
      AMOUNT: amount(converted(line.cents, bill.rate)),
      TRX_AMOUNT: amount(line.cents),
      ACCOUNTNO: line.account,
      ENTRYDESCRIPTION: line.text,
      LOCATIONID: entityByKey(bill.entity)?.id ?? null,
      STATE: 'A',
      CURRENCY: bill.currency,
    };
    ledger.add('APBILLITEM', item, hand, true);
  }
  if (bill.state === 'A') postBill(ledger, row, hand, quiet);
  if (!quiet) ledger.announceAdded('APBILL', row, hand);
  return row;
}

/** Posts a bill: expenses against accounts payable, in the summary of its day. */
export function postBill(ledger: Ledger, bill: Row, hand: Hand, quiet = false): void {
  const items = ledger.where('APBILLITEM', 'RECORDKEY', bill.RECORDNO);
  const common = {
    currency: String(bill.CURRENCY),
    rate: String(bill.EXCHANGE_RATE ?? '1'),
    entity: entityOfLines(ledger, bill),
    vendor: String(bill.VENDORID),
  };
  const debits = items.map(
    (item): Line => ({
      ...common,
      account: String(item.ACCOUNTNO),
      side: 'debit',
      cents: cents(item.TRX_AMOUNT),
      text: String(item.ENTRYDESCRIPTION ?? ''),
    }),
  );
  const credit: Line = {
    ...common,
    account: accounts.payable,
    side: 'credit',
    cents: sum(items.map(({ TRX_AMOUNT }) => TRX_AMOUNT)),
    baseCents: sum(items.map(({ AMOUNT }) => AMOUNT)),
  };
  const day = String(bill.WHENCREATED);
  const place = { journal: 'APJ', module: '3.AP', day, entity: entityKeyOf(bill), lines: [...debits, credit] };
  const batch = postToSummary(ledger, place, 'Bills', hand, quiet);
  const posted = { PRBATCH: batch.BATCH_TITLE ?? null, PRBATCHKEY: batch.PRBATCHKEY ?? null };
  ledger.change('APBILL', bill, posted, hand, { touch: false, quiet: true });
}

/** The entity that a bill's lines name, whatever entity the bill was made in. */
export function entityOfLines(ledger: Ledger, bill: Row): number {
  const location = ledger.where('APBILLITEM', 'RECORDKEY', bill.RECORDNO)[0]?.LOCATIONID;
  return entityById(String(location))?.recordNo ?? 1;
}

export function entityKeyOf(row: Row): number | null {
  return typeof row.MEGAENTITYKEY === 'number' ? row.MEGAENTITYKEY : null;
}

/** What has been chosen for payment, what has been paid and what is left, in both currencies. */
export function changeBalances(
  ledger: Ledger,
  bill: Row,
  change: { selected?: bigint; paid?: bigint; day?: string },
  hand: Hand,
  quiet = false,
): void {
  const { selected = 0n, paid = 0n, day = null } = change;
  const trx = {
    TOTALSELECTED: cents(bill.TRX_TOTALSELECTED) + selected,
    TOTALPAID: cents(bill.TRX_TOTALPAID) + paid,
    TOTALDUE: cents(bill.TRX_TOTALDUE) - paid,
  };
  const settled = trx.TOTALDUE === 0n;
  const changes = { ...totals(trx, String(bill.EXCHANGE_RATE ?? '1')), WHENPAID: settled ? day : null };
  ledger.change('APBILL', bill, changes, hand, { quiet });
}
