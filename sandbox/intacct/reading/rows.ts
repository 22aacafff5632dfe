import { shuffled } from '../../random.ts';
import { entityByKey } from '../company.ts';
import type { Row } from '../ledger/row.ts';
import type { ObjectType } from '../objects/object-type.ts';
import type { Reader } from './reader.ts';

/**
 * The rows that this session sees. In an entity those of the entity; at the top level all but those of private
 * entities, which `showprivate` adds. Rows that become visible late are not there yet.
 */
export function* visibleRows(reader: Reader, type: ObjectType, showPrivate: boolean): Iterable<Row> {
  const { ledger, entityKey, now } = reader;
  for (const row of type.rows ? type.rows(ledger) : ledger.rows(type.name)) {
    if (row.visibleAt !== undefined && row.visibleAt > now) continue;
    if (type.entityKey) {
      const owner = type.entityKey(row, ledger) ?? null;
      if (entityKey !== null ? owner !== entityKey : !showPrivate && entityByKey(owner)?.private) continue;
    }
    yield row;
  }
}

/** Without an order nobody promised one. */
export function inNoOrder(reader: Reader, rows: Row[]): Row[] {
  return reader.settings.unordered === 'shuffled' ? shuffled(rows, reader.random) : rows;
}
