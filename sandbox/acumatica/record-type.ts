import type { DocumentRecord } from './document.ts';

/** A field's value in the site's own terms: decimals in ten-thousandths, datetimes in ms since the epoch. */
export type FieldValue = string | bigint | number | boolean | null;
export type FieldType = 'string' | 'decimal' | 'datetime' | 'boolean' | 'int';

export interface Field<R> {
  name: string;
  type: FieldType;
  read: (row: R) => FieldValue;
  /** How the field is written when empty, and up to its value otherwise: made once for the rows of all pages. */
  before: { empty: string; value: string };
}

/** Detail rows of a record, or its files. */
export interface Detail<R> {
  fields: readonly string[];
  /** The JSON text of the array; `names` limits the fields of each row. */
  write: (row: R, names: ReadonlySet<string> | null) => string;
}

/** An entity of the endpoint: what can be read, filtered and expanded. */
export interface RecordType<R> {
  name: string;
  /** The form's id; rights and running operations go by form. */
  screen: string;
  graph: string;
  view: string;
  fields: readonly Field<R>[];
  details: Readonly<Record<string, Detail<R>>>;
  /** Expansions and fields that no list survives. */
  unlistable?: readonly string[];
  id: (row: R) => string;
  note: (row: R) => string;
  /** Fields of the form outside the contract, by their full names `View.Field`: read with `$custom`. */
  outside?: readonly Field<R>[];
  /** A custom field's text by its full name `View.Field`; null where there is none. */
  custom: (row: R, fullName: string) => string | null;
  /** The types of its custom fields by full name, and what asking for another is answered with. */
  customs?: { known: Readonly<Record<string, FieldType>>; unknown: 'error' | 'left out' };
}

export function field<R>(name: string, type: FieldType, read: (row: R) => FieldValue): Field<R> {
  return { name, type, read, before: { empty: `,"${name}":{}`, value: `,"${name}":{"value":` } };
}

/** A detail that the simulation has no rows for. */
export const emptyDetail = { fields: [], write: () => '[]' };

/** A custom field by its full name: who made and changed a document, or what was given. */
export function customOf(document: DocumentRecord, name: string): string | null {
  if (name.endsWith('.CreatedByID')) return document.createdBy;
  if (name.endsWith('.LastModifiedByID')) return document.modifiedBy;
  return document.extras?.custom?.[name] ?? null;
}

/** The period of a day as the ERP keeps it, MMYYYY. */
export function postPeriod(day: number | null): string | null {
  if (day === null) return null;
  const date = new Date(day);
  return `${String(date.getUTCMonth() + 1).padStart(2, '0')}${date.getUTCFullYear()}`;
}
