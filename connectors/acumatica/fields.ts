import { PermanentError } from '../../app/domain/errors.ts';
import { cleanText } from '../../app/domain/text.ts';
import { toDecimal } from '../shared/decimals.ts';

/** A record of the contract-based API: every field is `{ value }`, an empty one `{}`; unknown fields are left alone. */
export type WireRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is WireRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function unexpected(what: string): PermanentError {
  return new PermanentError('unexpected_answer', `Acumatica sent something unexpected: ${what}.`);
}

export function fieldValue(record: WireRecord, name: string): unknown {
  const field = record[name];
  return typeof field === 'object' && field !== null ? (field as { value?: unknown }).value : undefined;
}

/** The text of a field, null where it is empty. */
export function textField(record: WireRecord, name: string): string | null {
  const value = fieldValue(record, name);
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return cleanText(value) || null;
  throw unexpected(`${name} is not text`);
}

/** The amount of a field without loss, null where it is empty. */
export function decimalField(record: WireRecord, name: string, decimals: number): string | null {
  const value = fieldValue(record, name);
  if (value === undefined || value === null) return null;
  const decimal = toDecimal(value, decimals);
  if (decimal === null) throw unexpected(`${name} is not a number`);
  return decimal;
}

const dateStart = /^\d{4}-\d{2}-\d{2}/;

/** A calendar date. It travels as midnight UTC and is never shifted to another zone. */
export function dateField(record: WireRecord, name: string): string | null {
  const text = textField(record, name);
  if (text === null) return null;
  if (!dateStart.test(text)) throw unexpected(`${name} is not a date`);
  return text.slice(0, 10);
}

/** Milliseconds since the epoch; a time without a zone is UTC. */
export function instantField(record: WireRecord, name: string): number | null {
  const text = textField(record, name);
  if (text === null) return null;
  const instant = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(instant)) throw unexpected(`${name} is not a time`);
  return instant;
}
