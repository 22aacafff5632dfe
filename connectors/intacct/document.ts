import type { Application, DocumentLine, ErpDocument } from '../../app/domain/document.ts';
import { compareDecimals, sumDecimals } from '../../app/domain/money.ts';
import type { Companions } from './companions.ts';
import { date, decimal, moment, type Row, recordNo, text } from './fields.ts';
import type { UserFormat } from './formats.ts';
import { type ApplicationRows, type Dated, type Kind, type LineRows, type Plain, stateOf } from './kinds/kind.ts';

/** What the mapping needs to know besides the rows. */
export interface DocumentContext {
  format: UserFormat;
  /** Whether the administrator lets documents of this kind be decided about. */
  decidable: boolean;
}

/** The longest address that a button of Slack takes. */
const longestLink = 3000;

/** RECORD_URL cannot be built; where it is not given, or is no web address, nothing is linked. */
export function linkOf(row: Row): string | null {
  const url = text(row, ['RECORD_URL']);
  return url !== null && url.length <= longestLink && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    ? url
    : null;
}

/** Amounts carry no sign; which side they are on says another field: 1 is debit, -1 credit. */
function readSided(row: Row, { sided }: LineRows, inOwnCurrency: boolean): Partial<DocumentLine> {
  if (!sided) return {};
  const amount = decimal(row, [inOwnCurrency ? sided.own : sided.base, sided.own, sided.base]) ?? '0.00';
  const isCredit = text(row, [sided.side])?.startsWith('-') ?? false;
  return isCredit ? { debit: '0.00', credit: amount } : { debit: amount, credit: '0.00' };
}

function readLine(row: Row, lines: LineRows, inOwnCurrency: boolean): DocumentLine {
  const { fields } = lines;
  const subaccount = text(row, fields.subaccount ?? []);
  return {
    description: text(row, fields.description ?? []),
    quantity: null,
    amount: lines.sided ? null : decimal(row, fields.amount ?? []),
    account: text(row, fields.account ?? []),
    ...(subaccount === null ? {} : { subaccount }),
    ...readSided(row, lines, inOwnCurrency),
  };
}

interface Booked {
  lines: DocumentLine[];
  totals?: NonNullable<ErpDocument['totals']>;
  currency: string | null;
}

/** Statistical lines are counts, no money. Lines in several currencies are shown in the base currency, which has no name here. */
function readLines(rows: readonly Row[], kind: Kind): Booked {
  const { lines } = kind;
  if (!lines) return { lines: [], currency: null };
  const { sided } = lines;
  if (!sided) return { lines: rows.map((row) => readLine(row, lines, true)), currency: null };
  const money = rows.filter((row) => !/^t/i.test(text(row, [sided.statistical]) ?? ''));
  const currencies = new Set(money.map((row) => text(row, [sided.currency])));
  const isOne = currencies.size === 1;
  const read = money.map((row) => readLine(row, lines, isOne));
  if (read.length === 0) return { lines: read, currency: null };
  const sum = (side: 'debit' | 'credit') => sumDecimals(read.map((line) => line[side] ?? '0'));
  const totals = { debit: sum('debit'), credit: sum('credit') };
  return { lines: read, totals, currency: isOne ? ([...currencies][0] ?? null) : null };
}

/** One entry for each document, however many of its lines are paid. */
function readApplications(
  rows: readonly Row[],
  { bill, credit, amount: amounts, of }: ApplicationRows,
  referenceOf: Companions['referenceOf'],
): Application[] {
  const found = new Map<string, Application>();
  for (const row of rows) {
    const billNo = text(row, [bill]);
    const key = billNo ?? text(row, [credit]);
    if (key === null) continue;
    const amount = decimal(row, amounts);
    const known = found.get(key)?.amount ?? null;
    const sum = known === null || amount === null ? (amount ?? known) : sumDecimals([known, amount]);
    const paid = billNo === null ? { kind: null, type: 'Adjustment' } : { kind: of.kind, type: of.type };
    const reference = (billNo === null ? null : referenceOf(billNo)) ?? key;
    found.set(key, { ...paid, key, reference, amount: sum });
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What of a document its row alone tells: enough for a list. */
export function readHeader(row: Row, kind: Kind) {
  const { fields, object } = kind;
  const number = recordNo(row, object);
  const told = text(row, fields.type ?? []);
  const amount = decimal(row, fields.amount ?? []);
  return {
    key: number,
    type: told === null ? kind.type : (kind.typeOf?.(told) ?? told),
    reference: text(row, fields.reference ?? []) ?? number,
    status: text(row, ['STATE']) ?? '',
    amount: amount === null ? null : { value: amount, currency: text(row, fields.currency ?? []) },
    branch: text(row, fields.branch ?? []),
  };
}

/** Fields that only some kinds have are left out of the others. */
const ownFields = ['cashAccount', 'method', 'paymentReference', 'ledger'] as const;

/** One record as a document. Throws PermanentError `unexpected_answer` where a field is not what it has to be. */
export function readDocument(
  row: Row,
  kind: Kind,
  companions: Companions,
  { format, decidable }: DocumentContext,
): ErpDocument {
  const { fields, applications } = kind;
  const header = readHeader(row, kind);
  const { key, status } = header;
  const [phase, ...actions] = stateOf(kind, status);
  const plain = (name: Plain) => text(row, fields[name] ?? []);
  const dated = (name: Dated) => date(row, fields[name] ?? [], format);
  const own = ownFields.filter((name) => fields[name] !== undefined).map((name) => [name, plain(name)]);
  const { lines, totals, currency } = readLines(companions.lines.get(key) ?? [], kind);
  const larger = totals && (compareDecimals(totals.debit, totals.credit) < 0 ? totals.credit : totals.debit);
  const vendorCode = text(row, fields.vendorCode ?? []);
  const createdBy = text(row, fields.createdBy ?? []);
  const modifiedAt = moment(row, 'WHENMODIFIED', format);
  return {
    kind: kind.kind,
    ...header,
    erpId: key,
    phase,
    vendor: vendorCode === null ? null : { code: vendorCode, name: text(row, fields.vendorName ?? []) },
    vendorReference: plain('vendorReference'),
    amount: larger === undefined ? header.amount : { value: larger, currency },
    date: dated('date'),
    dueDate: dated('dueDate'),
    description: plain('description'),
    terms: plain('terms'),
    ...(Object.fromEntries(own) as Partial<Record<(typeof ownFields)[number], string | null>>),
    createdBy: createdBy === null ? null : { code: createdBy, name: null },
    lines,
    ...(applications
      ? {
          applications: readApplications(companions.applications.get(key) ?? [], applications, companions.referenceOf),
        }
      : {}),
    ...(totals ? { totals } : {}),
    modifiedAt: modifiedAt === null ? null : new Date(modifiedAt).toISOString(),
    actions: decidable ? [...actions] : [],
    link: linkOf(row),
  };
}
