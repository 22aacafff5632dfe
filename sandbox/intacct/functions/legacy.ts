import { randomBytes } from 'node:crypto';
import { FunctionFailed, vagueError } from '../errors.ts';
import type { Row } from '../ledger/row.ts';
import type { ObjectType } from '../objects/object-type.ts';
import { compile, type Manner } from '../reading/condition.ts';
import { plainRows, rowXml } from '../reading/present.ts';
import { type Column, columnOf, type Reader, readableType } from '../reading/reader.ts';
import { inNoOrder, visibleRows } from '../reading/rows.ts';
import { readSql } from '../reading/sql-filter.ts';
import type { ResultSet } from '../sessions.ts';
import { textOf } from '../xml/read.ts';
import { element } from '../xml/write.ts';
import type { Call, GatewayFunction, Outcome } from './call.ts';

/** The columns of a comma list; nothing or `*` is all of the object's own. Unknown ones get the vague answer. */
export function columnsOf(reader: Reader, type: ObjectType, list: string | undefined): Column[] {
  const all = !list || list === '*';
  const names = all ? type.fields.map(({ id }) => id) : list.split(',');
  return names.map((name) => {
    const column = name.includes('.') ? undefined : columnOf(reader, type, name);
    if (!column) throw vagueError();
    return column;
  });
}

function format(call: Call): 'json' | 'csv' | undefined {
  const asked = (textOf(call.element, 'returnFormat') ?? textOf(call.element, 'returnformat'))?.toLowerCase();
  return asked === 'json' || asked === 'csv' ? asked : undefined;
}

/** The next page of a result set, with the id to go on by; it is empty when one page holds all. */
function pageOf(call: Call, set: ResultSet, resultId: string): Outcome {
  const { reader } = call;
  const { settings } = reader;
  const rows = set.rows.slice(set.next, set.next + set.pageSize);
  set.next += rows.length;
  const remaining = set.rows.length - set.next;
  const kept = remaining > 0 ? rows.slice(0, Math.max(0, rows.length - settings.rowsLostPerPage)) : rows;
  const asked = format(call);
  if (asked) return { raw: plainRows(asked, set.columns, kept, reader) };
  const name = settings.legacyRows === 'lower' ? set.type.name.toLowerCase() : set.type.name;
  const data = element('data', kept.map((row) => rowXml(name, set.columns, row, reader)).join(''), {
    listtype: name,
    count: kept.length,
    totalcount: set.rows.length,
    numremaining: remaining,
    resultId,
  });
  return { data };
}

/** `readByQuery`: codes instead of labels, no joins, no order, pages by `readMore`. */
export const readByQuery: GatewayFunction = {
  object: (asked) => textOf(asked, 'object')?.toUpperCase(),
  run(call) {
    const { reader, element: asked, session } = call;
    const type = readableType(reader, textOf(asked, 'object'), 'READ_BY_QUERY');
    const columns = columnsOf(reader, type, textOf(asked, 'fields'));
    const column = (name: string): Column => {
      const found = columnOf(reader, type, name);
      if (!found) throw vagueError();
      return found;
    };
    const manner: Manner = { enums: 'codes', caseInsensitive: false, column };
    const condition = readSql(textOf(asked, 'query') ?? '');
    const test = condition ? compile(condition, reader, manner) : () => true;
    const pageSize = Number(textOf(asked, 'pagesize') || 100);
    if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > reader.settings.legacyPageSizeMost)
      throw vagueError();
    const rows: Row[] = [];
    for (const row of visibleRows(reader, type, false)) if (test(row)) rows.push(row);
    const set: ResultSet = { type, columns, rows: inNoOrder(reader, rows), next: 0, pageSize };
    const resultId = rows.length > pageSize ? `76${randomBytes(12).toString('hex')}` : '';
    if (resultId !== '') session.results.set(resultId, set);
    return pageOf(call, set, resultId);
  },
};

/** `readMore`: only in the session that began the read. */
export const readMore: GatewayFunction = {
  run(call) {
    const resultId = textOf(call.element, 'resultId') ?? '';
    const set = call.session.results.get(resultId);
    if (!set || set.next >= set.rows.length) {
      throw new FunctionFailed([{ errorno: 'readMore failed', description2: `Invalid resultId ${resultId}` }]);
    }
    return pageOf(call, set, resultId);
  },
};

function ownedLines(reader: Reader, type: ObjectType, row: Row): string {
  const lineType = type.lines && reader.catalog.get(type.lines.object);
  if (!type.lines || !lineType) return '';
  const columns = columnsOf(reader, lineType, '*');
  const lines = reader.ledger.where(lineType.name, type.lines.by, row.RECORDNO);
  return element(type.lines.list, lines.map((line) => rowXml(lineType.name, columns, line, reader)).join(''));
}

/** Rows by key with the lines they own; keys of nothing are left out. */
function byKeys(call: Call, operation: string, keyOf: (type: ObjectType) => string): Outcome {
  const { reader, element: asked } = call;
  const type = readableType(reader, textOf(asked, 'object'), operation);
  const fields = textOf(asked, 'fields');
  const columns = columnsOf(reader, type, fields);
  const keys = (textOf(asked, 'keys') ?? '').split(',').map((key) => key.trim());
  const key = columnOf(reader, type, keyOf(type));
  const wanted = new Map(keys.map((text, place) => [text, place]));
  const found: [number, Row][] = [];
  for (const row of visibleRows(reader, type, false)) {
    const place = key && wanted.get(String(key.field.read ? key.field.read(row, reader.ledger) : row[key.field.id]));
    if (place !== undefined) found.push([place, row]);
  }
  const rows = found.sort(([a], [b]) => a - b).map(([, row]) => row);
  const asText = format(call);
  if (asText) return { raw: plainRows(asText, columns, rows, reader) };
  const withLines = !fields || fields === '*';
  const shown = rows.map((row) =>
    rowXml(type.name, columns, row, reader, withLines ? ownedLines(reader, type, row) : ''),
  );
  return { data: element('data', shown.join(''), { listtype: type.name, count: rows.length }) };
}

const objectOf = (asked: Parameters<NonNullable<GatewayFunction['object']>>[0]) =>
  textOf(asked, 'object')?.toUpperCase();

/** `read`: by RECORDNO. */
export const read: GatewayFunction = {
  object: objectOf,
  run: (call) => byKeys(call, 'READ', () => 'RECORDNO'),
};

/** `readByName`: by the key that people use, such as VENDORID. */
export const readByName: GatewayFunction = {
  object: objectOf,
  run: (call) => byKeys(call, 'READ_BY_NAME', ({ naturalKey }) => naturalKey),
};
