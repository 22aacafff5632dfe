import { FunctionFailed } from '../errors.ts';
import { amount, sum } from '../ledger/amounts.ts';
import type { Row } from '../ledger/row.ts';
import type { ObjectType } from '../objects/object-type.ts';
import { compile, type Manner, readerOf } from '../reading/condition.ts';
import { amountText, cellText, plainRows, rowXml } from '../reading/present.ts';
import { readFilter } from '../reading/query-filter.ts';
import { type Column, columnOf, type Reader, readableType } from '../reading/reader.ts';
import { inNoOrder, visibleRows } from '../reading/rows.ts';
import { child, children, textOf, type XmlElement } from '../xml/read.ts';
import { element, leaf } from '../xml/write.ts';
import type { GatewayFunction } from './call.ts';

const aggregates = ['count', 'sum', 'avg', 'min', 'max'] as const;
type Aggregate = (typeof aggregates)[number];
const pageSizeMost = 2000;

function wrong(description2: string): FunctionFailed {
  return new FunctionFailed([{ errorno: 'XL03000003', description2 }]);
}

function wholeNumber(asked: XmlElement, name: string, fallback: number, least: number, most: number): number {
  const text = textOf(asked, name);
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) throw wrong(`Invalid ${name} ${text}.`);
  return value;
}

function flag(options: XmlElement | undefined, name: string): boolean {
  return options !== undefined && textOf(options, name)?.toLowerCase() === 'true';
}

/** Sorts by what the rows hold; nothing comes first. Rows that are in order already stay as they are. */
function sortRows(rows: Row[], orders: XmlElement[], reader: Reader, manner: Manner): Row[] {
  const keys = orders.map((order) => {
    const field = textOf(order, 'field');
    if (!field) throw wrong('An order needs a field.');
    return { read: readerOf(manner.column(field), reader, manner), sign: child(order, 'descending') ? -1 : 1 };
  });
  const compare = (a: Row, b: Row) => {
    for (const { read, sign } of keys) {
      const [left, right] = [read(a), read(b)];
      if (left === right) continue;
      if (left === null || (right !== null && left < right)) return -sign;
      return sign;
    }
    return 0;
  };
  const sorted = rows.every((row, index) => index === 0 || compare(rows[index - 1] as Row, row) <= 0);
  return sorted ? rows : rows.toSorted(compare);
}

function aggregated(aggregate: Aggregate, column: Column, rows: Row[], reader: Reader, manner: Manner): string {
  const read = readerOf(column, reader, manner);
  const held = rows.filter((row) => read(row) !== null);
  if (aggregate === 'count') return String(held.length);
  if (held.length === 0) return '';
  if (aggregate === 'min' || aggregate === 'max') {
    const best = held.reduce((best, row) => {
      const [left, right] = [read(best) ?? '', read(row) ?? ''];
      return (aggregate === 'min' ? right < left : right > left) ? row : best;
    });
    return cellText(column, best, reader);
  }
  if (column.field.type !== 'amount' && column.field.type !== 'integer')
    throw wrong(`${aggregate} needs a number, which ${column.name} is not.`);
  if (column.field.type === 'integer') {
    const total = held.reduce((all, row) => all + Number(read(row)), 0);
    return String(aggregate === 'sum' ? total : total / held.length);
  }
  const total = sum(held.map((row) => cellText(column, row, reader)));
  return amountText(amount(aggregate === 'sum' ? total : total / BigInt(held.length)), reader);
}

interface Selection {
  fields: Column[];
  aggregates: { name: string; aggregate: Aggregate; column: Column }[];
}

function selectionOf(select: XmlElement | undefined, column: Manner['column']): Selection {
  if (!select || select.children.length === 0) throw wrong('The select element is required.');
  const fields: Column[] = [];
  const picked: Selection['aggregates'] = [];
  for (const { name, text } of select.children) {
    const aggregate = aggregates.find((candidate) => candidate === name);
    if (name === 'field') fields.push(column(text));
    else if (aggregate)
      picked.push({ name: `${name.toUpperCase()}.${text.trim().toUpperCase()}`, aggregate, column: column(text) });
    else throw wrong(`Unknown element ${name} in select.`);
  }
  return { fields, aggregates: picked };
}

/** With aggregates, one row for each combination of the fields beside them. */
function groupedXml(type: ObjectType, selection: Selection, rows: Row[], reader: Reader, manner: Manner): string[] {
  const key = (row: Row) => JSON.stringify(selection.fields.map((column) => cellText(column, row, reader)));
  const groups = selection.fields.length > 0 ? [...Map.groupBy(rows, key).values()] : [rows];
  return groups.map((group) => {
    const plain = selection.fields.map((column) => leaf(column.name, cellText(column, group[0] as Row, reader)));
    const figures = selection.aggregates.map(({ name, aggregate, column }) =>
      leaf(name, aggregated(aggregate, column, group, reader, manner)),
    );
    return element(type.name, [...plain, ...figures].join(''));
  });
}

/** `query`: labels, joins, aggregates, an order, counts as attributes of `data`, uppercase rows; no `*`. */
export const query: GatewayFunction = {
  object: (asked) => textOf(asked, 'object')?.toUpperCase(),
  run({ reader, element: asked }) {
    const type = readableType(reader, textOf(asked, 'object'), 'QUERY');
    const options = child(asked, 'options');
    const column = (name: string): Column => {
      const found = columnOf(reader, type, name);
      if (found) return found;
      throw new FunctionFailed([
        { errorno: 'XL03000010', description2: `The field ${name.trim()} does not exist in the object ${type.name}` },
      ]);
    };
    const manner: Manner = { enums: 'labels', caseInsensitive: flag(options, 'caseinsensitive'), column };
    const selection = selectionOf(child(asked, 'select'), column);
    const filter = child(asked, 'filter');
    const test = filter ? compile(readFilter(filter), reader, manner) : () => true;
    const pageSize = wholeNumber(asked, 'pagesize', 100, 1, pageSizeMost);
    const offset = wholeNumber(asked, 'offset', 0, 0, Number.MAX_SAFE_INTEGER);

    const found: Row[] = [];
    for (const row of visibleRows(reader, type, flag(options, 'showprivate'))) if (test(row)) found.push(row);
    const orderBy = child(asked, 'orderby');
    const rows = orderBy ? sortRows(found, children(orderBy, 'order'), reader, manner) : inNoOrder(reader, found);
    const page = rows.slice(offset, offset + pageSize);

    const format = options && textOf(options, 'returnformat')?.toLowerCase();
    if (format === 'json' || format === 'csv') return { raw: plainRows(format, selection.fields, page, reader) };
    const grouped = selection.aggregates.length > 0 ? groupedXml(type, selection, rows, reader, manner) : null;
    const total = grouped ? grouped.length : rows.length;
    const shown = grouped
      ? grouped.slice(offset, offset + pageSize)
      : page.map((row) => rowXml(type.name, selection.fields, row, reader));
    const data = element('data', shown.join(''), {
      listtype: type.name,
      totalcount: total,
      offset,
      count: shown.length,
      numremaining: Math.max(0, total - offset - shown.length),
    });
    return { data };
  },
};
