import { FunctionFailed } from '../errors.ts';
import type { UserFormat } from '../formats.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Row } from '../ledger/row.ts';
import type { Catalog } from '../objects/catalog.ts';
import type { Field, ObjectType } from '../objects/object-type.ts';
import type { Settings } from '../settings.ts';

/** Who reads what: the session's way of looking at the company. */
export interface Reader {
  ledger: Ledger;
  catalog: Catalog;
  settings: Settings;
  /** How dates and moments are written, both ways. */
  format: UserFormat;
  /** RECORDNO of the entity that the session is in; null: the top level. */
  entityKey: number | null;
  /** Milliseconds since the epoch. */
  now: number;
  random: () => number;
}

/** A field as it was asked for, perhaps of a joined object (`JOURNAL.SYMBOL`). */
export interface Column {
  name: string;
  field: Field;
  /** The row that holds the field, from the row that is read. */
  rowOf: (row: Row) => Row | undefined;
}

/** The field under a plain or dotted name; undefined where the object has none. */
export function columnOf(reader: Reader, type: ObjectType, path: string): Column | undefined {
  const name = path.trim().toUpperCase();
  const plain = type.fields.find(({ id }) => id === name);
  if (plain) return { name, field: plain, rowOf: (row) => row };
  const [head = '', ...rest] = name.split('.');
  const join = type.joins?.[head];
  const target = join && reader.catalog.get(join.object);
  if (!join || !target) return undefined;
  const inner = columnOf(reader, target, rest.join('.'));
  return (
    inner && {
      name,
      field: inner.field,
      rowOf: (row) => {
        const joined = join.key(row, reader.ledger);
        return joined && inner.rowOf(joined);
      },
    }
  );
}

/** The object that a read names. `operation` is what the role needs, as the refusal names it. Throws FunctionFailed. */
export function readableType(reader: Reader, name: string | undefined, operation: string): ObjectType {
  const type = reader.catalog.get(name);
  if (!type) {
    const errorno = operation === 'QUERY' ? 'XL03000009' : 'Query Failed';
    throw new FunctionFailed([{ errorno, description2: `Object definition ${name ?? ''} not found` }]);
  }
  if (type.name === 'AUDITHISTORY' && !reader.settings.auditHistoryAllowed) {
    throw new FunctionFailed([{ errorno: '', description2: 'You do not have permission to view audit history' }]);
  }
  if (reader.settings.noPermission.includes(type.name)) {
    throw new FunctionFailed([
      {
        errorno: 'PL04000005',
        description2: `You do not have permission for API operation ${operation} on objects of type ${type.name}`,
        correction: 'Contact your administrator for permission.',
      },
    ]);
  }
  return type;
}
