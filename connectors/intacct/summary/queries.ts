import type { GatewayFunction } from '../gateway/request.ts';
import { allOf, type Filter, oneOf } from '../query.ts';
import { element, leaf } from '../xml/write.ts';

/**
 * The states of entries that are in the ledger: what is reversed, or about to be, stays posted beside its reversal, so
 * that leaving it out would count the reversal alone.
 */
const inTheLedger = ['Posted', 'Reversal Pending', 'Reversed'];

/** The objects that summaries are made of, whose fields have to be known. */
export const summaryObjects = ['GLBATCH', 'GLENTRY'] as const;
export const entryFields = ['RECORDNO', 'BATCHNO', 'BATCH_TITLE', 'JOURNAL', 'MODULE', 'BATCH_DATE', 'RECORD_URL'];
export const summaryFields = [...entryFields, 'CURRENCY', 'STATISTICAL', 'TRX_AMOUNT', 'AMOUNT'];

/** The most that a page can hold, since each is billed. */
export const rowsMost = 2000;
/** So many entries' lines are asked for at once: beyond a thousand values a list is more than databases take. */
export const entriesAtOnce = 1000;

interface Select {
  object: string;
  fields: readonly string[];
  sums?: readonly string[];
  filter: Filter;
  orderBy: string;
  pageSize: number;
  showPrivate: boolean;
}

/** With sums, one row for each combination of the fields beside them, under names like `SUM.AMOUNT`. */
export function selectXml(given: Select): GatewayFunction {
  const { object, fields, sums = [], filter, orderBy, pageSize, showPrivate } = given;
  const select = [...fields.map((field) => leaf('field', field)), ...sums.map((field) => leaf('sum', field))];
  const xml = element('query', [
    leaf('object', object),
    element('select', select),
    element('filter', filter),
    element('orderby', element('order', [leaf('field', orderBy), element('ascending')])),
    ...(showPrivate ? [element('options', leaf('showprivate', 'true'))] : []),
    leaf('pagesize', pageSize),
    leaf('offset', 0),
  ]);
  return { name: 'query', xml };
}

export const between = (field: string, lower: string, upper: string): Filter =>
  element('between', [leaf('field', field), leaf('value', lower), leaf('value', upper)]);

/** Dates are the user's, as the gateway wants them. */
export const postedBetween = (first: string, last: string): Filter =>
  allOf(oneOf('STATE', inTheLedger), between('BATCH_DATE', first, last));
