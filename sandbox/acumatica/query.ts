import { ErpError, exception } from './erp-error.ts';
import { compileFilter, type Test } from './filter/compile.ts';
import { recordText, type Shape } from './record-text.ts';
import type { RecordType } from './record-type.ts';
import type { Settings } from './settings.ts';

function listed(value: string | null): string[] {
  return (value ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

function unknownName(option: string, name: string, type: string): ErpError {
  return exception(
    `The ${option} parameter is not valid: '${name}' is not found in '${type}'.`,
    'System.ArgumentException',
  );
}

/** Which fields and details an answer carries, from `$select`, `$expand` and `$custom`. Throws ErpError on unknown names. */
export function shapeOf<R>(query: URLSearchParams, type: RecordType<R>, linkBase: string | null): Shape<R> {
  const selected = listed(query.get('$select'));
  const details = new Map<string, Set<string> | null>();
  for (const name of listed(query.get('$expand'))) {
    const [first = ''] = name.split('/');
    if (!type.details[first]) throw unknownName('$expand', name, type.name);
    details.set(first, null);
  }
  for (const name of selected) {
    const [first = '', second] = name.split('/');
    const detail = type.details[first];
    if (!detail && !type.fields.some((known) => known.name === name)) throw unknownName('$select', name, type.name);
    if (!detail || second === undefined || !details.has(first)) continue;
    details.set(first, (details.get(first) ?? new Set()).add(second));
  }
  const wanted = new Set(selected);
  return {
    fields: wanted.size > 0 ? type.fields.filter(({ name }) => wanted.has(name)) : type.fields,
    details,
    custom: customNames(listed(query.get('$custom')), type),
    linkBase,
  };
}

function customNames<R>(names: readonly string[], { name: entity, customs }: RecordType<R>): string[] {
  return names.filter((name) => {
    if (customs && Object.hasOwn(customs.known, name)) return true;
    if (customs?.unknown === 'left out') return false;
    throw unknownName('$custom', name, entity);
  });
}

function wholeNumber(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (/^\d+$/.test(text)) return Number(text);
  const modelState = { [name]: [`The value '${text}' is not valid for ${name}.`] };
  throw new ErpError(400, { message: 'The request is invalid.', modelState });
}

/** The whole list is one database query in the real system, and some fields cannot be part of it. */
function checkOptimization(query: URLSearchParams, type: string, broken: readonly string[]): void {
  const asked = [...listed(query.get('$expand')), ...listed(query.get('$select'))];
  const found = broken.filter((name) => asked.some((other) => other === name || other.startsWith(`${name}/`)));
  if (found.length === 0) return;
  const text = `Optimization cannot be performed.The following fields cause the error:\r\n${found
    .map((name) => `${type}.${name}`)
    .join('\r\n')}`;
  throw exception(text, 'PX.Api.ContractBased.OptimizationException');
}

/** The JSON text of a list: filtered, then skipped, then cut. Other options, `$orderby` among them, are ignored. */
export function listText<R>(
  rows: readonly R[],
  type: RecordType<R>,
  query: URLSearchParams,
  settings: Settings,
  linkBase: string | null,
): string {
  checkOptimization(query, type.name, [...settings.optimizationErrorFields, ...(type.unlistable ?? [])]);
  const shape = shapeOf(query, type, linkBase);
  const skip = wholeNumber(query, '$skip') ?? 0;
  const top = wholeNumber(query, '$top') ?? Number.POSITIVE_INFINITY;
  const filter = query.get('$filter');
  const test: Test<R> = filter?.trim() ? compileFilter(filter, type, settings.otherViewFields) : () => true;
  const texts: string[] = [];
  let passed = 0;
  for (const row of rows) {
    if (texts.length >= top) break;
    if (!test(row)) continue;
    passed += 1;
    if (passed > skip) texts.push(recordText(row, type, shape, texts.length + 1));
  }
  return `[${texts.join(',')}]`;
}
