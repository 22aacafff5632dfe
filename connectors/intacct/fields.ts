import { PermanentError, RetryableError } from '../../app/domain/errors.ts';
import { cleanText } from '../../app/domain/text.ts';
import { toDecimal } from '../shared/decimals.ts';
import { readDate, readMoment, type UserFormat } from './formats.ts';
import type { FunctionResult } from './gateway/answer.ts';
import type { XmlElement } from './xml/read.ts';

/** A row as it came, by upper-case field; empty text is nothing. */
export type Row = ReadonlyMap<string, string>;

export function unexpected(what: string): PermanentError {
  return new PermanentError('unexpected_answer', `Intacct sent something unexpected: ${what}.`);
}

const rowOf = (element: XmlElement): Row =>
  new Map(element.children.map(({ name, text }) => [name.toUpperCase(), text.trim()]));

/** The rows of a result, each one an element named like the object in whatever letters; a single one is a list too. */
export function rowsOf({ data }: FunctionResult, object: string): Row[] {
  if (data === undefined) throw unexpected(`an answer about ${object} without data`);
  const found = data.children.filter(({ name }) => name.toUpperCase() === object).map(rowOf);
  const told = data.attributes.count;
  if (told !== undefined && Number(told) !== found.length)
    throw new RetryableError(`Intacct sent ${found.length} rows of ${object} where it said ${told.slice(0, 20)}.`);
  return found;
}

/** The first of the fields that is not empty; null where all are. */
export function text(row: Row, fields: readonly string[]): string | null {
  for (const field of fields) {
    const value = cleanText(row.get(field) ?? '').trim();
    if (value !== '') return value;
  }
  return null;
}

export function recordNo(row: Row, object: string): string {
  const value = row.get('RECORDNO') ?? '';
  if (!/^\d{1,18}$/.test(value)) throw unexpected(`a row of ${object} without RECORDNO`);
  return value;
}

/**
 * The number that the next page begins after, of a page of rows in the order of their numbers; null where it holds none.
 * Throws where it does not lie beyond `after`: whoever went on would be billed for the same page for ever.
 */
export function lastNo(rows: readonly Row[], object: string, after: string | null): string | null {
  const last = rows.at(-1);
  if (last === undefined) return null;
  const number = recordNo(last, object);
  if (after !== null && BigInt(number) <= BigInt(after))
    throw unexpected(`a page of ${object} that does not go on after record ${after}`);
  return number;
}

/** An amount without loss, with two places or more. */
export function decimal(row: Row, fields: readonly string[]): string | null {
  const value = text(row, fields);
  if (value === null) return null;
  const read = toDecimal(value, 2);
  if (read === null) throw unexpected(`${fields[0]} is not a number`);
  return read;
}

export function date(row: Row, fields: readonly string[], format: UserFormat): string | null {
  const value = text(row, fields);
  if (value === null) return null;
  const read = readDate(value.split(' ')[0] ?? '', format);
  if (read === null) throw unexpected(`${fields[0]} is not a date in the format of the user`);
  return read;
}

/** Milliseconds since the epoch; 1970, which old rows carry, is as good as nothing. */
export function moment(row: Row, field: string, format: UserFormat): number | null {
  const value = text(row, [field]);
  if (value === null) return null;
  const read = readMoment(value, format);
  if (read === null) throw unexpected(`${field} is not a time in the format of the user`);
  return read < Date.UTC(1971, 0, 1) ? null : read;
}
