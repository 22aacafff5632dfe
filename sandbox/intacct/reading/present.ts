import { dateText, stampText } from '../formats.ts';
import { amount, cents } from '../ledger/amounts.ts';
import type { Row, Value } from '../ledger/row.ts';
import { type Field, heldBy, labelOf } from '../objects/object-type.ts';
import { element, leaf } from '../xml/write.ts';
import type { Column, Reader } from './reader.ts';

/** A value as the session's user sees it; nothing is empty text. */
export function formatted(field: Field, value: Value, reader: Reader): string {
  if (value === null) return '';
  if (field.type === 'stamp') return stampText(Number(value), reader.format);
  if (field.type === 'date') return dateText(String(value), reader.format);
  if (field.type === 'amount') return amountText(String(value), reader);
  return String(value);
}

export function amountText(decimal: string, { settings }: Reader): string {
  const text = amount(cents(decimal));
  return settings.amounts === 'trimmed' ? text.replace(/\.?0+$/, '') : text;
}

export function cellText({ field, rowOf }: Column, row: Row, reader: Reader): string {
  const holder = rowOf(row);
  if (!holder) return '';
  if (field.type === 'enum') return labelOf(field, holder, reader.ledger) ?? '';
  return formatted(field, heldBy(field, holder, reader.ledger), reader);
}

/** One row as an element; `more` is XML that follows its fields. */
export function rowXml(name: string, columns: readonly Column[], row: Row, reader: Reader, more = ''): string {
  let content = '';
  for (const column of columns) content += leaf(column.name, cellText(column, row, reader));
  return element(name, content + more);
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows as the formats beside XML show them: without any envelope. */
export function plainRows(
  format: 'json' | 'csv',
  columns: readonly Column[],
  rows: readonly Row[],
  reader: Reader,
): { type: string; body: string } {
  const cells = rows.map((row) => columns.map((column) => cellText(column, row, reader)));
  if (format === 'csv') {
    const lines = [columns.map(({ name }) => name), ...cells].map((line) => line.map(csvCell).join(','));
    return { type: 'text/csv', body: `${lines.join('\n')}\n` };
  }
  const objects = cells.map((line) => Object.fromEntries(line.map((cell, index) => [columns[index]?.name, cell])));
  return { type: 'application/json', body: JSON.stringify(objects) };
}
