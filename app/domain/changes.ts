import { createHash } from 'node:crypto';
import type { ErpDocument } from './document.ts';
import { type Figure, writtenFigure } from './figures.ts';
import { defaultLocale } from './locale.ts';

/** One difference for people; `from` and `to` are ready to read, with the amount or date that they write, if any. */
export interface Change {
  field: 'status' | 'type' | 'vendor' | 'vendor reference' | 'amount' | 'due date' | 'terms' | 'lines' | 'description';
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
  const rows: Array<[Change['field'], Side, Side]> = [
    ['status', before.status, after.status],
    ['type', before.type, after.type],
    ['amount', money(before), money(after)],
    ['vendor', before.vendor?.code ?? 'none', after.vendor?.code ?? 'none'],
    ['vendor reference', before.vendorReference ?? 'none', after.vendorReference ?? 'none'],
    ['due date', date(before.dueDate), date(after.dueDate)],
    ['terms', before.terms ?? 'none', after.terms ?? 'none'],
    ['description', before.description ?? 'none', after.description ?? 'none'],
  ];
  const changes = rows.flatMap(([field, from, to]) => difference(field, from, to) ?? []);
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

type Side = string | Figure;

const money = ({ amount }: ErpDocument): Side => (amount ? { money: amount } : 'none');
const date = (value: string | null): Side => (value ? { date: value } : 'none');

function difference(field: Change['field'], before: Side, after: Side): Change | undefined {
  const words = (side: Side) => (typeof side === 'string' ? side : writtenFigure(side, defaultLocale));
  const figure = (side: Side) => (typeof side === 'string' ? undefined : side);
  const [from, to] = [words(before), words(after)];
  if (from === to) return undefined;
  const figures = { from: figure(before), to: figure(after) };
  return { field, from, to, ...(figures.from || figures.to ? { figures } : {}) };
}
