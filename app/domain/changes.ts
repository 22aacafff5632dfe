import { createHash } from 'node:crypto';
import type { ErpDocument, ErpName, Money } from './document.ts';
import { type Figure, writtenFigure } from './figures.ts';
import { defaultLocale } from './locale.ts';
import { formatMoney } from './money.ts';

const fields = [
  'status',
  'approved by',
  'type',
  'amount',
  'vendor',
  'customer',
  'vendor reference',
  'due date',
  'promised date',
  'terms',
  'cash account',
  'payment method',
  'documents paid',
  'ledger',
  'period',
  'debits',
  'credits',
  'description',
  'lines',
] as const;
type ChangedField = (typeof fields)[number];

/** One difference for people; `from` and `to` are ready to read, with the amount or date that they write, if any. */
export interface Change {
  /** A custom field by its label. */
  field: ChangedField | (string & {});
  from: string;
  to: string;
  figures?: { from?: Figure | undefined; to?: Figure | undefined } | undefined;
}

/** Both sides of a difference as a reader of that locale writes them. */
export function sidesOf({ from, to, figures }: Pick<Change, 'from' | 'to' | 'figures'>, locale: string) {
  const side = (words: string, figure: Figure | undefined) => (figure ? writtenFigure(figure, locale) : words);
  return { from: side(from, figures?.from), to: side(to, figures?.to) };
}

/** Identifies all that a card shows. The ERP's time stamp is left out: touching a record is no change. */
export function contentHash(document: ErpDocument): string {
  return hash({ ...document, modifiedAt: null });
}

/** Identifies what an approval is bound to. A party's name or a wording may change without making it another document. */
export function substanceHash(document: ErpDocument): string {
  const { type, reference, vendor, vendorReference, amount, dueDate, terms } = document;
  const parts = [type, reference, vendor?.code, vendorReference, amount?.value, amount?.currency, dueDate, terms];
  return hash([...parts, lineValues(document), ...ownValues(document)]);
}

/** What only some kinds have; nothing for a bill. */
function ownValues({
  customer,
  promisedOn,
  cashAccount,
  method,
  applications,
  ledger,
  period,
}: ErpDocument): unknown[] {
  const own = {
    customer: customer?.code,
    promisedOn,
    cashAccount,
    method,
    applications: applications?.map(({ key, amount }) => [key, amount]),
    ledger,
    period,
  };
  return Object.values(own).some((value) => value !== undefined) ? [own] : [];
}

function lineValues({ lines }: ErpDocument): unknown[] {
  return lines.map(({ description, quantity, amount, account, subaccount, debit, credit }) => [
    ...[description, quantity, amount, account],
    ...(debit === undefined && credit === undefined ? [] : [subaccount, debit, credit]),
  ]);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}

/** What is different, in the order a reader cares. */
export function describeChanges(before: ErpDocument, after: ErpDocument): Change[] {
  const [from, to] = [valuesOf(before), valuesOf(after)];
  const lines = sameLines(before, after) ? null : describeLines(before, after);
  return fields.flatMap((field): Change[] => {
    if (field === 'lines') return lines ? [{ field, ...lines }] : [];
    // Only where both were read: what is no longer waited for is no longer told.
    if (field === 'approved by' && !(before.approvals && after.approvals)) return [];
    const changed = difference(field, from[field], to[field]);
    return changed ? [changed] : [];
  });
}

function valuesOf(document: ErpDocument): Record<Exclude<ChangedField, 'lines'>, Side> {
  const { totals, amount } = document;
  const total = (value: string | undefined) =>
    sum(value === undefined ? null : { value, currency: amount?.currency ?? null });
  return {
    status: document.status,
    'approved by': approvedBy(document),
    type: document.type,
    amount: sum(amount),
    vendor: document.vendor?.code ?? 'none',
    customer: document.customer?.code ?? 'none',
    'vendor reference': document.vendorReference ?? 'none',
    'due date': date(document.dueDate),
    'promised date': date(document.promisedOn),
    terms: document.terms ?? 'none',
    'cash account': document.cashAccount ?? 'none',
    'payment method': document.method ?? 'none',
    'documents paid': applicationsInWords(document),
    ledger: document.ledger ?? 'none',
    period: document.period ?? 'none',
    debits: total(totals?.debit),
    credits: total(totals?.credit),
    description: document.description ?? 'none',
  };
}

function approvedBy({ approvals = [] }: ErpDocument): string {
  const given = approvals.filter(({ status }) => status === 'approved');
  return given.map(({ decidedBy, approver }) => nameIn(decidedBy ?? approver)).join(', ') || 'nobody';
}

const nameIn = (person: ErpName | null) => person?.name ?? person?.code ?? 'somebody';

const shownApplications = 5;

function applicationsInWords({ applications = [], amount }: ErpDocument): string {
  if (applications.length === 0) return 'none';
  const currency = amount?.currency ?? null;
  const shown = applications.slice(0, shownApplications).map((paid) => {
    const part = paid.amount === null ? '' : ` ${formatMoney({ value: paid.amount, currency })}`;
    return `${paid.type} ${paid.reference}${part}`;
  });
  const more = applications.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function sameLines(before: ErpDocument, after: ErpDocument): boolean {
  return JSON.stringify(lineValues(before)) === JSON.stringify(lineValues(after));
}

function describeLines(before: ErpDocument, after: ErpDocument): { from: string; to: string } {
  const count = (n: number) => (n === 1 ? '1 line' : `${n} lines`);
  const from = count(before.lines.length);
  const to = count(after.lines.length);
  return from === to ? { from, to: `${to}, other content` } : { from, to };
}

type Side = string | Figure;

const sum = (money: Money | null): Side => (money ? { money } : 'none');
const date = (value: string | null | undefined): Side => (value ? { date: value } : 'none');

function difference(field: Change['field'], before: Side, after: Side): Change | undefined {
  const words = (side: Side) => (typeof side === 'string' ? side : writtenFigure(side, defaultLocale));
  const figure = (side: Side) => (typeof side === 'string' ? undefined : side);
  const [from, to] = [words(before), words(after)];
  if (from === to) return undefined;
  const figures = { from: figure(before), to: figure(after) };
  return { field, from, to, ...(figures.from || figures.to ? { figures } : {}) };
}
