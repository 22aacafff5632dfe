import { createHash } from 'node:crypto';
import { formatDate } from './dates.ts';
import type { ErpDocument } from './document.ts';
import { formatMoney } from './money.ts';

/** One difference for people; `from` and `to` are ready to read. */
export interface Change {
  field: 'status' | 'type' | 'vendor' | 'vendor reference' | 'amount' | 'due date' | 'terms' | 'lines' | 'description';
  from: string;
  to: string;
}

/** Identifies all that a card shows. The ERP's time stamp is left out: touching a record is no change. */
export function contentHash(document: ErpDocument): string {
  return hash({ ...document, modifiedAt: null });
}

/** Identifies what an approval is bound to. A vendor's name or a wording may change without making it another bill. */
export function substanceHash(document: ErpDocument): string {
  const { type, reference, vendor, vendorReference, amount, dueDate, terms } = document;
  const parts = [type, reference, vendor?.code, vendorReference, amount?.value, amount?.currency, dueDate, terms];
  return hash([...parts, lineValues(document)]);
}

function lineValues({ lines }: ErpDocument): unknown[] {
  return lines.map((line) => [line.description, line.quantity, line.amount, line.account]);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}

/** What is different, in the order a reader cares. */
export function describeChanges(before: ErpDocument, after: ErpDocument): Change[] {
  const rows: Array<[Change['field'], string, string]> = [
    ['status', before.status, after.status],
    ['type', before.type, after.type],
    ['amount', money(before), money(after)],
    ['vendor', before.vendor?.code ?? 'none', after.vendor?.code ?? 'none'],
    ['vendor reference', before.vendorReference ?? 'none', after.vendorReference ?? 'none'],
    ['due date', date(before.dueDate), date(after.dueDate)],
    ['terms', before.terms ?? 'none', after.terms ?? 'none'],
    ['description', before.description ?? 'none', after.description ?? 'none'],
  ];
  const changes = rows.filter(([, from, to]) => from !== to).map(([field, from, to]) => ({ field, from, to }));
  return sameLines(before, after) ? changes : [...changes, { field: 'lines', ...describeLines(before, after) }];
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

const money = (document: ErpDocument) => (document.amount ? formatMoney(document.amount) : 'none');
const date = (value: string | null) => (value ? formatDate(value) : 'none');
