import type { Journal } from '../records.ts';
import { type Sort, solved } from '../sort.ts';
import { endByState, isOlder } from './journal-ends.ts';

const pending = 'Reversal Pending';

/** A reversal that was asked for and does not come. */
export const reversalPending: Sort<Journal> = {
  id: 'reversal_pending',
  type: 'Reversal is stuck',
  severity: 'warning',
  find: (journal, { at, stuckMs }) => (journal.state === pending && isOlder(journal, at, stuckMs) ? {} : null),
  end: (journal) => (journal.state === pending ? solved('somebody has worked on the reversal') : endByState(journal)),
};
