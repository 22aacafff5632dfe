import { moneyText } from '../money.ts';
import type { Field, FieldType, FieldValue, RecordType } from './record-type.ts';

const dayMs = 86_400_000;
const days = new Map<number, string>();

/** A moment as the site writes it: UTC with an offset, zeros of the fraction trimmed. */
export function momentText(ms: number): string {
  if (ms % dayMs !== 0)
    return `${new Date(ms)
      .toISOString()
      .slice(0, -1)
      .replace(/\.000$|(?<=\.\d*[1-9])0+$/, '')}+00:00`;
  let text = days.get(ms);
  if (text === undefined) {
    text = `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
    days.set(ms, text);
  }
  return text;
}

function scalarText(type: FieldType, value: Exclude<FieldValue, null>): string {
  if (type === 'decimal') return moneyText(value as bigint);
  if (type === 'datetime') return `"${momentText(value as number)}"`;
  return type === 'string' ? JSON.stringify(value) : String(value);
}

/** Fields one after the other, each with a comma before it. */
export function fieldsText<R>(row: R, fields: readonly Field<R>[]): string {
  let text = '';
  for (const { type, read, before } of fields) {
    const value = read(row);
    text += value === null ? before.empty : `${before.value}${scalarText(type, value)}}`;
  }
  return text;
}

/** Detail rows as a JSON array, `names` limiting their fields. */
export function detailText<R>(
  rows: readonly R[],
  fields: readonly Field<R>[],
  idOf: (row: R) => string,
  names: ReadonlySet<string> | null,
): string {
  const shown = names ? fields.filter(({ name }) => names.has(name)) : fields;
  const texts = rows.map(
    (row, index) => `{"id":"${idOf(row)}","rowNumber":${index + 1},"note":null${fieldsText(row, shown)},"custom":{}}`,
  );
  return `[${texts.join(',')}]`;
}

/** What of a record goes into an answer. */
export interface Shape<R> {
  fields: readonly Field<R>[];
  /** Expanded details with the fields wanted of them (null: all). */
  details: ReadonlyMap<string, ReadonlySet<string> | null>;
  custom: readonly string[];
  /** `{site path}/entity/{endpoint}/{version}`; null: no `_links`. */
  linkBase: string | null;
}

/** `CustomStringField`, `CustomDecimalField` … */
export const customType = (kind: FieldType) =>
  `Custom${kind === 'datetime' ? 'DateTime' : `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`}Field`;

const customValue: Record<FieldType, (text: string) => unknown> = {
  string: (text) => text,
  decimal: Number,
  int: Number,
  boolean: (text) => text === 'true',
  datetime: (text) => momentText(Date.parse(text)),
};

function outsideText<R>(row: R, { type, read }: Field<R>): string {
  const value = read(row);
  return `{"type":"${customType(type)}"${value === null ? '' : `,"value":${scalarText(type, value)}`}}`;
}

function customText<R>(row: R, type: RecordType<R>, names: readonly string[]): string {
  const views = new Map<string, string[]>();
  for (const name of names) {
    const [view = '', fieldName = ''] = name.split('.');
    const outside = type.outside?.find((field) => field.name === name);
    const kind = type.customs?.known[name] ?? 'string';
    const given = outside ? null : type.custom(row, name);
    const value = given === null ? '' : `,"value":${JSON.stringify(customValue[kind](given))}`;
    const text = outside ? outsideText(row, outside) : `{"type":"${customType(kind)}"${value}}`;
    views.set(view, [...(views.get(view) ?? []), `${JSON.stringify(fieldName)}:${text}`]);
  }
  return `{${[...views].map(([view, fields]) => `${JSON.stringify(view)}:{${fields.join(',')}}`).join(',')}}`;
}

/** One top-level record as JSON text: numbers keep their trailing zeros, which JSON.stringify cannot do. */
export function recordText<R>(row: R, type: RecordType<R>, shape: Shape<R>, rowNumber: number): string {
  const id = type.id(row);
  let text = `{"id":"${id}","rowNumber":${rowNumber},"note":{"value":${JSON.stringify(type.note(row))}}`;
  text += fieldsText(row, shape.fields);
  for (const [name, names] of shape.details) text += `,"${name}":${type.details[name]?.write(row, names) ?? '[]'}`;
  text += `,"custom":${shape.custom.length > 0 ? customText(row, type, shape.custom) : '{}'}`;
  if (shape.linkBase !== null) {
    const self = `${shape.linkBase}/${type.name}/${id}`;
    const files = `${shape.linkBase}/files/${type.graph}/${type.view}/${id}/{filename}`;
    text += `,"_links":{"self":"${self}","files:put":"${files}"}`;
  }
  return `${text}}`;
}
