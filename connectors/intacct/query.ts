import type { GatewayFunction } from './gateway/request.ts';
import { element, leaf } from './xml/write.ts';

/** A condition, finished as XML. */
export type Filter = string;

const operator = (name: string, field: string, values: readonly string[] = []): Filter =>
  element(name, [leaf('field', field), ...values.map((value) => leaf('value', value))]);

export const equalTo = (field: string, value: string) => operator('equalto', field, [value]);
export const greaterThan = (field: string, value: string) => operator('greaterthan', field, [value]);
export const atLeast = (field: string, value: string) => operator('greaterthanorequalto', field, [value]);
export const atMost = (field: string, value: string) => operator('lessthanorequalto', field, [value]);
export const lessThan = (field: string, value: string) => operator('lessthan', field, [value]);
export const oneOf = (field: string, values: readonly string[]) => operator('in', field, values);
/** Both bounds belong to it. */
export const between = (field: string, lower: string, upper: string) => operator('between', field, [lower, upper]);
export const isNull = (field: string) => operator('isnull', field);

/** `and` and `or` take at least two. */
const joined = (name: 'and' | 'or', filters: readonly Filter[]): Filter =>
  filters.length === 1 ? (filters[0] ?? '') : element(name, filters);
export const allOf = (...filters: readonly Filter[]) => joined('and', filters);
export const anyOf = (...filters: readonly Filter[]) => joined('or', filters);

export interface Query {
  object: string;
  fields: readonly string[];
  filter: Filter;
  pageSize: number;
  /** At the top level, also what belongs to private entities. */
  showPrivate: boolean;
  /** The field that orders the rows; RECORDNO unless given. */
  order?: string;
  /** With sums, one row for each combination of the fields beside them, under names like `SUM.AMOUNT`. */
  sums?: readonly string[];
}

/** Rows in the order of their numbers: without an order each page would come out of a new one. */
export function query(given: Query): GatewayFunction {
  const { object, fields, filter, pageSize, showPrivate, order = 'RECORDNO', sums = [] } = given;
  const select = [...[...new Set(fields)].map((field) => leaf('field', field)), ...sums.map((sum) => leaf('sum', sum))];
  const xml = element('query', [
    leaf('object', object),
    element('select', select),
    element('filter', filter),
    element('orderby', element('order', [leaf('field', order), element('ascending')])),
    ...(showPrivate ? [element('options', leaf('showprivate', 'true'))] : []),
    leaf('pagesize', pageSize),
    leaf('offset', 0),
  ]);
  return { name: 'query', xml };
}

export const lookup = (object: string): GatewayFunction => ({
  name: 'lookup',
  xml: element('lookup', leaf('object', object)),
});

export const readUserFormatting = (userId: string): GatewayFunction => ({
  name: 'readUserFormatting',
  xml: element('readUserFormatting', leaf('userId', userId)),
});
