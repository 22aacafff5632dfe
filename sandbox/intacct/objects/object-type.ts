import type { Ledger } from '../ledger/ledger.ts';
import type { Row, Value } from '../ledger/row.ts';

export type FieldType = 'text' | 'integer' | 'amount' | 'decimal' | 'date' | 'stamp' | 'enum';

/** One allowed value: `query` speaks in labels, readByQuery in codes, and both answer with labels. */
export interface EnumValue {
  label: string;
  code: string;
}

export interface Field {
  id: string;
  type: FieldType;
  values?: readonly EnumValue[];
  /** Where the value is not simply stored under the field's id. */
  read?: (row: Row, ledger: Ledger) => Value | undefined;
  /** Where the label says more than the stored code. */
  label?: (row: Row, ledger: Ledger) => string;
  /** AUDITHISTORY is documented the other way round: `query` takes the code, readByQuery the word. */
  otherWayRound?: boolean;
}

/** Another object that dotted field names reach. */
export interface Join {
  object: string;
  key: (row: Row, ledger: Ledger) => Row | undefined;
}

/** Lines that `read` shows inside their document, as `<ENTRIES><GLENTRY>…`. */
export interface OwnedLines {
  list: string;
  object: string;
  /** The field of the line that holds the document's RECORDNO. */
  by: string;
}

export interface ObjectType {
  name: string;
  fields: readonly Field[];
  /** The key that readByName takes. */
  naturalKey: string;
  joins?: Record<string, Join>;
  lines?: OwnedLines;
  /** Where the rows are not a table of the same name. */
  rows?: (ledger: Ledger) => Iterable<Row>;
  /** RECORDNO of the entity that a row belongs to; absent: the object is shared by all entities. */
  entityKey?: (row: Row, ledger: Ledger) => Value | undefined;
}

function fields(type: FieldType, ids: string): Field[] {
  return ids
    .trim()
    .split(/\s+/)
    .map((id) => ({ id, type }));
}

export const texts = (ids: string) => fields('text', ids);
export const integers = (ids: string) => fields('integer', ids);
export const amounts = (ids: string) => fields('amount', ids);
export const dates = (ids: string) => fields('date', ids);
export const stamps = (ids: string) => fields('stamp', ids);

export function choice(id: string, values: readonly EnumValue[], more: Partial<Field> = {}): Field {
  return { id, type: 'enum', values, ...more };
}

export function derived(id: string, type: FieldType, read: NonNullable<Field['read']>): Field {
  return { id, type, read };
}

/** `<id>:<code> …`, an underscore standing for a space in the label. */
export function labels(list: string): EnumValue[] {
  return list
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [label = '', code = ''] = pair.split(':');
      return { label: label.replaceAll('_', ' '), code };
    });
}

export const status = choice('STATUS', labels('active:T inactive:F'));
export const truth = (id: string) => choice(id, labels('true:T false:F'));

/** What a row holds under a field, before anything is formatted. */
export function heldBy(field: Field, row: Row, ledger: Ledger): Value {
  return (field.read ? field.read(row, ledger) : row[field.id]) ?? null;
}

/** The label of an enumeration's value; a code nobody knows is shown as it is. */
export function labelOf(field: Field, row: Row, ledger: Ledger): string | null {
  if (field.label) return field.label(row, ledger);
  const code = heldBy(field, row, ledger);
  if (code === null) return null;
  return field.values?.find((value) => value.code === code)?.label ?? String(code);
}
