import { createHash } from 'node:crypto';
import { formatDate } from './dates.ts';
import type { ErpDocument, Money } from './document.ts';
import { formatMoney } from './money.ts';

const fields = [
  'status',
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

/** One difference for people; `from` and `to` are ready to read. */
export interface Change {
  field: ChangedField;
  from: string;
  to: string;
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
    return from[field] === to[field] ? [] : [{ field, from: from[field], to: to[field] }];
  });
}

function valuesOf(document: ErpDocument): Record<Exclude<ChangedField, 'lines'>, string> {
  const { totals, amount } = document;
  const total = (value: string | undefined) =>
    sum(value === undefined ? null : { value, currency: amount?.currency ?? null });
  return {
    status: document.status,
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

const sum = (money: Money | null) => (money ? formatMoney(money) : 'none');
const date = (value: string | null | undefined) => (value ? formatDate(value) : 'none');
