import type { Kind } from './kinds/kind.ts';

const keyFields = ({ key }: Kind) => [key.type, key.reference, 'LastModifiedDateTime'];

/** Everything that a document is made of, `custom` among it: no more, since the ERP compiles each list into one query. */
function shapeOf(kind: Kind, custom: readonly string[]): string {
  const details = new Map<string, string[]>();
  const add = (detail: string, names: readonly string[]) =>
    details.set(detail, [...(details.get(detail) ?? []), ...names]);
  if (kind.lines) add(kind.lines.detail, Object.values(kind.lines.fields).flat());
  for (const { detail, type, reference, amount } of kind.applications ?? []) add(detail, [type, reference, amount]);
  const rows = [...details].flatMap(([detail, names]) => [...new Set(names)].map((name) => `${detail}/${name}`));
  const select = `$select=${[...keyFields(kind), 'Status', ...Object.values(kind.fields), ...rows].join(',')}`;
  const expand = details.size === 0 ? '' : `&$expand=${[...details.keys()].join(',')}`;
  return `${select}${expand}${custom.length > 0 ? `&$custom=${custom.map(encodeURIComponent).join(',')}` : ''}`;
}

/** What the control total is made of: the header's few fields, and where the lines carry the amount, that of them. */
function controlShape(kind: Kind): string {
  const { amount, currency, branch } = kind.fields;
  const header = [...keyFields(kind), 'Status', amount, currency, branch].filter((name) => name !== undefined);
  if (!kind.totalled || !kind.lines) return `$select=${header.join(',')}`;
  const { detail, fields } = kind.lines;
  const sums = [...(fields.debit ?? []), ...(fields.credit ?? [])].map((name) => `${detail}/${name}`);
  return `$select=${[...header, ...sums].join(',')}&$expand=${detail}`;
}

const keyShape = (kind: Kind) => `$select=${keyFields(kind).join(',')}`;

/** A slice of the records; instants in ms since the epoch, `before` excluded; null: no bound. */
export interface Slice {
  since: number;
  before: number | null;
  top: number | null;
  skip: number;
}

/** OData v3 literals: instants carry a prefix, a quote inside a text is doubled. */
export const instantLiteral = (instant: number) =>
  `datetimeoffset'${new Date(instant).toISOString().replace('Z', '+00:00')}'`;
export const textLiteral = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** What a list says of each record where it does not say all that a document is made of: its keys, or what the control total needs. */
const shapes = { keys: keyShape, control: controlShape };

/**
 * The list of records changed within the slice, whole with these custom fields, or in another shape. No order is asked
 * for: the API has none to offer.
 */
export function listPath(
  kind: Kind,
  { since, before, top, skip }: Slice,
  shape: readonly string[] | keyof typeof shapes,
): string {
  const bounds = [`LastModifiedDateTime ge ${instantLiteral(since)}`];
  if (before !== null) bounds.push(`LastModifiedDateTime lt ${instantLiteral(before)}`);
  const filter = `$filter=${encodeURIComponent(bounds.join(' and '))}`;
  const parts = [`${kind.entity}?${filter}`, typeof shape === 'string' ? shapes[shape](kind) : shapeOf(kind, shape)];
  if (top !== null) parts.push(`$top=${top}`);
  if (skip > 0) parts.push(`$skip=${skip}`);
  return parts.join('&');
}

/** One record's keys: the cheapest question that needs the right to read. */
export const probePath = (kind: Kind): string => `${kind.entity}?${keyShape(kind)}&$top=1`;

export function idPath(kind: Kind, id: string, custom: readonly string[]): string {
  return `${kind.entity}/${encodeURIComponent(id)}?${shapeOf(kind, custom)}`;
}

export function keyPath(kind: Kind, type: string, reference: string, custom: readonly string[]): string {
  return `${kind.entity}/${encodeURIComponent(type)}/${encodeURIComponent(reference)}?${shapeOf(kind, custom)}`;
}

/** A key with a slash does not fit into the path. */
export function keySearchPath(kind: Kind, type: string, reference: string): string {
  const { key, entity } = kind;
  const filter = `${key.type} eq ${textLiteral(type)} and ${key.reference} eq ${textLiteral(reference)}`;
  return `${entity}?$filter=${encodeURIComponent(filter)}&${keyShape(kind)}`;
}

/** Records with these references, whatever their types: which of them there are. */
export function referencesPath(kind: Kind, references: readonly string[]): string {
  const filter = references.map((reference) => `${kind.key.reference} eq ${textLiteral(reference)}`).join(' or ');
  return `${kind.entity}?$filter=${encodeURIComponent(filter)}&${keyShape(kind)}`;
}

/** An entity whose records have a code and a name. */
export interface Named {
  entity: string;
  code: string;
  name: string;
}

export function namesPath(
  { entity, code, name }: Named,
  page: { top: number; skip: number } | { codes: string[] },
): string {
  const shape = `$select=${code},${name}`;
  if ('codes' in page) {
    const filter = page.codes.map((one) => `${code} eq ${textLiteral(one)}`).join(' or ');
    return `${entity}?$filter=${encodeURIComponent(filter)}&${shape}`;
  }
  return `${entity}?${shape}&$top=${page.top}${page.skip > 0 ? `&$skip=${page.skip}` : ''}`;
}
