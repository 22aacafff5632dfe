import { allOf, between, type Filter, oneOf } from '../query.ts';

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

/** Dates are the user's, as the gateway wants them. */
export const postedBetween = (first: string, last: string): Filter =>
  allOf(oneOf('STATE', inTheLedger), between('BATCH_DATE', first, last));
