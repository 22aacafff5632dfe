import type { Journal } from '../records.ts';
import { type End, solved } from '../sort.ts';

const clauses: Record<string, string> = {
  Draft: 'the journal is a draft again',
  Submitted: 'the journal is submitted',
  'Partially Approved': 'the journal is partially approved',
  Approved: 'the journal is approved',
  Posted: 'the journal is posted',
  Declined: 'the journal was declined',
  Reversed: 'the journal was reversed',
  'Reversal Pending': 'the journal is about to be reversed',
};

/** What became of a journal, told by its state. */
export const endByState = ({ state }: Journal): End =>
  solved(clauses[state] ?? (state === '' ? 'the journal has no state any more' : `the journal is ${state} now`));

/** When it came into the state that it is in, as far as Intacct says. */
export const since = ({ changedAt, createdAt }: { changedAt: number | null; createdAt: number | null }) =>
  changedAt ?? createdAt;

export const isOlder = (record: { changedAt: number | null; createdAt: number | null }, at: number, ms: number) => {
  const from = since(record);
  return from !== null && at - from > ms;
};
