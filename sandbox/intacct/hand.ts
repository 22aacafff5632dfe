import { z } from 'zod';
import type { NewRow, Row, Value } from './ledger/row.ts';
import type { ObjectType } from './objects/object-type.ts';
import type { Parts } from './parts.ts';

/** Fields as another program would have set them: labels or codes, ISO dates, moments as ISO text or milliseconds. */
export const rowInput = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type RowInput = z.input<typeof rowInput>;

/** Stored beside what the wire shows. */
const inner = new Set(['MEGAENTITYKEY', 'AUWHENCREATED']);
const administrator = { userId: 'admin', source: 'ui' as const };

function momentOf(value: Value | boolean, name: string): number {
  const ms = typeof value === 'number' ? value : Date.parse(String(value));
  if (Number.isNaN(ms)) throw new RangeError(`${name} is no moment: ${value}`);
  return ms;
}

function stored(type: ObjectType, name: string, value: Value | boolean): Value {
  const field = type.fields.find(({ id }) => id === name);
  if (!inner.has(name) && (!field || field.read)) throw new RangeError(`${type.name} has no field ${name} to set`);
  if (value === null) return null;
  if (name === 'AUWHENCREATED' || field?.type === 'stamp') return momentOf(value, name);
  if (field?.type === 'enum') {
    const text = String(value);
    const known = field.values?.find(({ label, code }) => label === text || code === text);
    if (!known) throw new RangeError(`${name} does not take ${text}`);
    return known.code;
  }
  return field?.type === 'integer' || name === 'MEGAENTITYKEY' ? Number(value) : String(value);
}

/** The hand of somebody in the company: adds and changes rows past the API and its rules. */
export class CompanyHand {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws RangeError for an object nobody knows. */
  type(object: string): ObjectType {
    const type = this.#parts.catalog.get(object);
    if (!type || type.rows) throw new RangeError(`there are no rows of ${object}`);
    return type;
  }

  /** Throws RangeError where there is no such row. */
  row(object: string, recordNo: number): Row {
    const row = this.#parts.ledger.get(this.type(object).name, recordNo);
    if (!row) throw new RangeError(`there is no ${object} ${recordNo}`);
    return row;
  }

  /** Adds a row with these fields alone. `visibleInMinutes` hides it at first. Throws ZodError or RangeError. */
  add(object: string, input: RowInput): Row {
    const type = this.type(object);
    return this.#parts.ledger.add(type.name, this.#fields(type, input), administrator);
  }

  /** Changes a row in whatever state it is; `touch: false` leaves its stamp. Throws ZodError or RangeError. */
  change(object: string, recordNo: number, { touch = true, ...input }: RowInput): Row {
    const type = this.type(object);
    const row = this.row(object, recordNo);
    const fields = this.#fields(type, input);
    return this.#parts.ledger.change(type.name, row, fields, administrator, { touch: touch === true });
  }

  remove(object: string, recordNo: number): void {
    const { lines, name } = this.type(object);
    const row = this.row(object, recordNo);
    const { ledger } = this.#parts;
    if (lines)
      for (const line of [...ledger.where(lines.object, lines.by, recordNo)])
        ledger.remove(lines.object, line, administrator);
    ledger.remove(name, row, administrator);
  }

  #fields(type: ObjectType, input: RowInput): NewRow {
    const { visibleInMinutes, ...given } = rowInput.parse(input);
    const late =
      visibleInMinutes === undefined ? {} : { visibleAt: this.#parts.now() + Number(visibleInMinutes) * 60_000 };
    const fields = Object.entries(given).map(([name, value]) => [name, stored(type, name, value)]);
    return { ...Object.fromEntries(fields), ...late };
  }
}
