import type { Application, DocumentLine, ErpDocument, ErpName, Money } from '../../app/domain/document.ts';
import { compareDecimals, sumDecimals } from '../../app/domain/money.ts';
import type { ControlRow } from '../connector.ts';
import { readCustom } from './custom-fields.ts';
import { dateField, decimalField, instantField, isRecord, textField, unexpected, type WireRecord } from './fields.ts';
import type { ApplicationRows, Kind, LineRows, Plain } from './kinds/kind.ts';
import { linkTo } from './link.ts';
import type { SiteActions } from './profile.ts';

/** What the mapping needs to know of the site besides the record itself. */
export interface DocumentContext {
  site: string;
  tenant: string;
  actions: SiteActions;
  nameOf(party: 'vendor' | 'customer', code: string): string | null;
  /** The custom fields that were asked for. */
  custom?: readonly string[];
}

/** The part of a record by which rows are recognised and ordered, read before the rest. */
export interface Stamp {
  id: string;
  type: string;
  reference: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** Throws PermanentError `unexpected_answer` for a record without keys. */
export function readStamp(record: unknown, { entity, key }: Kind): Stamp {
  if (!isRecord(record)) throw unexpected(`a ${entity} that is no record`);
  const type = textField(record, key.type);
  const reference = textField(record, key.reference);
  if (type === null || reference === null) throw unexpected(`a ${entity} without ${key.type} or ${key.reference}`);
  const modifiedAt = instantField(record, 'LastModifiedDateTime');
  if (modifiedAt === null) throw unexpected(`${entity} ${reference} without LastModifiedDateTime`);
  return { id: typeof record.id === 'string' ? record.id : `${type}|${reference}`, type, reference, modifiedAt };
}

/** A record that is not saved yet has no number of its own. */
export const isUnsaved = ({ reference }: Stamp): boolean => reference === '<NEW>';

const dates: ReadonlySet<Plain> = new Set(['date', 'dueDate', 'promisedOn'] as const);

function plainFields(record: WireRecord, { fields }: Kind) {
  const plain = (name: Plain): string | null => {
    const field = fields[name];
    if (field === undefined) return null;
    return dates.has(name) ? dateField(record, field) : textField(record, field);
  };
  /** Fields that only some kinds have are left out of the others. */
  const own = (['promisedOn', 'cashAccount', 'method', 'paymentReference', 'ledger', 'period'] as const)
    .filter((name) => fields[name] !== undefined)
    .map((name) => [name, plain(name)]);
  return {
    vendorReference: plain('vendorReference'),
    date: plain('date'),
    dueDate: plain('dueDate'),
    description: plain('description'),
    terms: plain('terms'),
    branch: plain('branch'),
    ...(Object.fromEntries(own) as Partial<Record<Plain, string | null>>),
  };
}

function rowsOf(record: WireRecord, detail: string): WireRecord[] {
  const rows = record[detail] ?? [];
  if (!Array.isArray(rows)) throw unexpected(`${detail} that are no list`);
  return rows.map((row) => {
    if (!isRecord(row)) throw unexpected(`a row of ${detail} that is no record`);
    return row;
  });
}

function readLine(row: WireRecord, { fields }: LineRows): DocumentLine {
  const text = (name: keyof DocumentLine) => first(fields[name], (field) => textField(row, field));
  const decimal = (name: keyof DocumentLine, places: number) =>
    first(fields[name], (field) => decimalField(row, field, places));
  const own = {
    subaccount: text('subaccount'),
    debit: decimal('debit', 2),
    credit: decimal('credit', 2),
    order: text('order'),
  };
  return {
    description: text('description'),
    quantity: decimal('quantity', 0),
    amount: decimal('amount', 2),
    account: text('account'),
    ...(Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null)) as Partial<DocumentLine>),
  };
}

function first(names: readonly string[] = [], read: (name: string) => string | null): string | null {
  for (const name of names) {
    const value = read(name);
    if (value !== null) return value;
  }
  return null;
}

/** One entry for each document, whatever details and lines of it are paid. */
function readApplications(record: WireRecord, details: readonly ApplicationRows[]): Application[] {
  const found = new Map<string, Application>();
  for (const { detail, kind, ...names } of details) {
    for (const row of rowsOf(record, detail)) {
      const type = textField(row, names.type);
      const reference = textField(row, names.reference);
      const amount = decimalField(row, names.amount, 2);
      if (type === null || reference === null) continue;
      const key = `${type}|${reference}`;
      const known = found.get(key)?.amount ?? null;
      const sum = known === null || amount === null ? (amount ?? known) : sumDecimals([known, amount]);
      found.set(key, { kind, key, type, reference, amount: sum });
    }
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function totalsOf(lines: DocumentLine[]): NonNullable<ErpDocument['totals']> {
  const sum = (side: 'debit' | 'credit') => sumDecimals(lines.map((line) => line[side] ?? '0'));
  return { debit: sum('debit'), credit: sum('credit') };
}

const readLines = (record: WireRecord, { lines }: Kind): DocumentLine[] =>
  lines ? rowsOf(record, lines.detail).map((row) => readLine(row, lines)) : [];

/** The amount is a field of the record, or the larger sum of its lines. */
function readAmount(record: WireRecord, { fields }: Kind, totals: ErpDocument['totals']): Money | null {
  const larger = totals && (compareDecimals(totals.debit, totals.credit) < 0 ? totals.credit : totals.debit);
  const value = larger ?? (fields.amount === undefined ? null : decimalField(record, fields.amount, 2));
  return value === null
    ? null
    : { value, currency: fields.currency === undefined ? null : textField(record, fields.currency) };
}

/** What a slim record says of a document, as `readDocument` would say it of the whole one. */
export function readControlValues(record: WireRecord, kind: Kind): NonNullable<ControlRow['values']> {
  const lines = kind.totalled ? readLines(record, kind) : [];
  return {
    status: textField(record, 'Status') ?? '',
    amount: readAmount(record, kind, lines.length > 0 ? totalsOf(lines) : undefined),
    branch: kind.fields.branch === undefined ? null : textField(record, kind.fields.branch),
  };
}

/** The ERP keeps a period as MMYYYY and shows it as MM-YYYY. */
const periodInWords = (period: string | null | undefined) => period?.replace(/^(\d\d)(\d{4})$/, '$1-$2') ?? null;

/** A field outside the contract comes as `custom: { View: { Field: { type, value } } }`. */
function customRecord(record: WireRecord, view: string): WireRecord {
  const fields = isRecord(record.custom) ? record.custom[view] : undefined;
  return isRecord(fields) ? fields : {};
}

/** The cash discount of the terms; left out where there is none. The ERP keeps a date also where nothing is taken off. */
function discountOf(record: WireRecord, { outside }: Kind, currency: string | null) {
  if (outside === undefined) return {};
  const read = <T>(fullName: string, field: (record: WireRecord, name: string) => T): T => {
    const [view = '', name = ''] = fullName.split('.');
    return field(customRecord(record, view), name);
  };
  const value = read(outside.discountAmount, (from, name) => decimalField(from, name, 2));
  const discountDate = read(outside.discountDate, dateField);
  if (value === null || discountDate === null || compareDecimals(value, '0') <= 0) return {};
  return { discountDate, discountAmount: { value, currency } };
}

/** One record as a document. Throws PermanentError `unexpected_answer` where a field is not what it has to be. */
export function readDocument(record: WireRecord, kind: Kind, context: DocumentContext): ErpDocument {
  const { id, type, reference, modifiedAt } = readStamp(record, kind);
  const { fields } = kind;
  const status = textField(record, 'Status') ?? '';
  const [phase, ...possible] = kind.statuses.get(status) ?? (['other'] as const);
  const codeOf = (word: 'vendor' | 'customer' | 'owner') =>
    fields[word] === undefined ? null : textField(record, fields[word]);
  const party = (word: 'vendor' | 'customer'): ErpName | null => {
    const code = codeOf(word);
    return code === null ? null : { code, name: context.nameOf(word, code) };
  };
  const owner = codeOf('owner');
  const lines = readLines(record, kind);
  const totals = kind.totalled && lines.length > 0 ? totalsOf(lines) : undefined;
  const amount = readAmount(record, kind, totals);
  const plain = plainFields(record, kind);
  return {
    kind: kind.kind,
    key: `${type}|${reference}`,
    erpId: typeof record.id === 'string' ? id : null,
    type,
    reference,
    status,
    phase,
    vendor: party('vendor'),
    ...(fields.customer === undefined ? {} : { customer: party('customer') }),
    amount,
    ...plain,
    ...(owner === null ? {} : { owner: { code: owner, name: null } }),
    ...(plain.period === undefined ? {} : { period: periodInWords(plain.period) }),
    ...discountOf(record, kind, amount?.currency ?? null),
    ...(kind.credits?.includes(type) ? { credit: true } : {}),
    lines,
    ...(kind.applications ? { applications: readApplications(record, kind.applications) } : {}),
    ...(totals ? { totals } : {}),
    ...readCustom(record, context.custom ?? []),
    modifiedAt: new Date(modifiedAt).toISOString(),
    actions: possible.filter((action) => context.actions[action] !== undefined),
    link: linkTo(kind, context, type, reference),
  };
}
