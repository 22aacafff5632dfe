import type { ErpName, Money } from '../../../app/domain/document.ts';
import { linkOf } from '../document.ts';
import { date, decimal, moment, type Row, recordNo, text } from '../fields.ts';
import type { UserFormat } from '../formats.ts';
import { type PaymentStanding, paymentStanding } from './payment-states.ts';

/** What has to be known of the company to look for exceptions. */
export const exceptionObjects = ['GLBATCH', 'GLENTRY', 'APPYMT', 'VENDOR', 'LOCATIONENTITY'] as const;

interface Common {
  number: string;
  /** As people call it: "GJ 45". */
  reference: string;
  description: string | null;
  /** Calendar date. */
  date: string | null;
  /** Milliseconds since the epoch, as far as Intacct says. */
  createdAt: number | null;
  changedAt: number | null;
  branch: string | null;
  link: string | null;
}

/** One line of a journal, signed: a debit is above zero. */
export interface JournalLine {
  currency: string | null;
  location: string | null;
  /** In its own currency, and in the base currency. */
  amount: string;
  base: string;
}

export interface Journal extends Common {
  object: 'GLBATCH';
  /** The label of its state. */
  state: string;
  /** Whether a base entity is given, which takes what entities do not balance between them. */
  hasBase: boolean;
  /** Null where they were not read. */
  lines: JournalLine[] | null;
  /** Whether the locations of its lines are entities, so that it can be told what balances in each. */
  byEntity: boolean;
}

export interface Payment extends Common {
  object: 'APPYMT';
  state: string;
  standing: PaymentStanding;
  vendor: ErpName | null;
  amount: Money | null;
}

export interface Vendor extends Common {
  object: 'VENDOR';
  code: string;
  name: string | null;
  isActive: boolean;
  isOnHold: boolean;
  /** Those that are on their way. */
  payments: Payment[];
}

export type ErpRecord = Journal | Payment | Vendor;

/** What rows of each object are asked for, as far as the company has it. */
export const fields = {
  GLBATCH: [
    ...['RECORDNO', 'BATCHNO', 'BATCH_TITLE', 'JOURNAL', 'BATCH_DATE', 'STATE', 'MEGAENTITYID', 'MEGAENTITYNAME'],
    ...['BASELOCATION_NO', 'WHENCREATED', 'WHENMODIFIED', 'RECORD_URL'],
  ],
  GLENTRY: ['RECORDNO', 'BATCHNO', 'TR_TYPE', 'AMOUNT', 'TRX_AMOUNT', 'CURRENCY', 'LOCATION', 'STATISTICAL'],
  APPYMT: [
    ...['RECORDNO', 'RECORDID', 'DOCNUMBER', 'STATE', 'PAYMENTMETHOD', 'VENDORID', 'VENDORNAME', 'DESCRIPTION'],
    ...['WHENCREATED', 'CURRENCY', 'BASECURR', 'TOTALENTERED', 'TRX_TOTALENTERED', 'MEGAENTITYID', 'MEGAENTITYNAME'],
    ...['AUWHENCREATED', 'WHENMODIFIED', 'RECORD_URL'],
  ],
  VENDOR: ['RECORDNO', 'VENDORID', 'NAME', 'STATUS', 'ONHOLD', 'WHENMODIFIED', 'RECORD_URL'],
  LOCATIONENTITY: ['RECORDNO', 'LOCATIONID'],
} as const;

function common(row: Row, object: string, created: string, format: UserFormat): Omit<Common, 'reference' | 'date'> {
  return {
    number: recordNo(row, object),
    description: text(row, ['BATCH_TITLE', 'DESCRIPTION']),
    createdAt: moment(row, created, format),
    changedAt: moment(row, 'WHENMODIFIED', format),
    branch: text(row, ['MEGAENTITYNAME', 'MEGAENTITYID']),
    link: linkOf(row),
  };
}

/** `lines` are the rows of GLENTRY that belong to it; null where they were not read. */
export function readJournal(
  row: Row,
  lines: readonly Row[] | null,
  { format, entities }: { format: UserFormat; entities: ReadonlySet<string> },
): Journal {
  const number = text(row, ['BATCHNO']);
  const read = lines?.flatMap(readLine) ?? null;
  return {
    object: 'GLBATCH',
    ...common(row, 'GLBATCH', 'WHENCREATED', format),
    reference: [text(row, ['JOURNAL']), number ?? recordNo(row, 'GLBATCH')].filter(Boolean).join(' '),
    date: date(row, ['BATCH_DATE'], format),
    state: text(row, ['STATE']) ?? '',
    hasBase: text(row, ['BASELOCATION_NO']) !== null,
    lines: read,
    byEntity: read?.every(({ location }) => location !== null && entities.has(location)) ?? false,
  };
}

/** Amounts on the wire have no sign: the side has it. What is merely counted (STATISTICAL) is no money. */
function readLine(row: Row): JournalLine[] {
  if (isTrue(text(row, ['STATISTICAL']))) return [];
  const signed = (amount: string) =>
    text(row, ['TR_TYPE']) === '-1' ? (amount.startsWith('-') ? amount.slice(1) : `-${amount}`) : amount;
  return [
    {
      currency: text(row, ['CURRENCY']),
      location: text(row, ['LOCATION']),
      amount: signed(decimal(row, ['TRX_AMOUNT', 'AMOUNT']) ?? '0.00'),
      base: signed(decimal(row, ['AMOUNT', 'TRX_AMOUNT']) ?? '0.00'),
    },
  ];
}

export function readPayment(row: Row, format: UserFormat): Payment {
  const value = decimal(row, ['TRX_TOTALENTERED', 'TOTALENTERED']);
  const code = text(row, ['VENDORID']);
  const state = text(row, ['STATE']) ?? '';
  return {
    object: 'APPYMT',
    ...common(row, 'APPYMT', 'AUWHENCREATED', format),
    reference: text(row, ['RECORDID', 'DOCNUMBER']) ?? recordNo(row, 'APPYMT'),
    // On payments WHENCREATED is the date of the payment.
    date: date(row, ['WHENCREATED'], format),
    state,
    standing: paymentStanding(state),
    vendor: code === null ? null : { code, name: text(row, ['VENDORNAME']) },
    amount: value === null ? null : { value, currency: text(row, ['CURRENCY', 'BASECURR']) },
  };
}

export function readVendor(row: Row, payments: Payment[], format: UserFormat): Vendor {
  const code = text(row, ['VENDORID']) ?? recordNo(row, 'VENDOR');
  return {
    object: 'VENDOR',
    ...common(row, 'VENDOR', 'WHENCREATED', format),
    reference: code,
    date: null,
    code,
    name: text(row, ['NAME']),
    isActive: !/^(inactive|f)$/i.test(text(row, ['STATUS']) ?? ''),
    isOnHold: isTrue(text(row, ['ONHOLD'])),
    payments,
  };
}

const isTrue = (value: string | null) => value !== null && /^(t|true|1|yes)$/i.test(value);
