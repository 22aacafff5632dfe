import type { Journal } from '../records.ts';
import { type Sort, solved } from '../sort.ts';
import { endByState, isOlder } from './journal-ends.ts';
import { isInApproval } from './submitted.ts';

export const stuck: Sort<Journal> = {
  id: 'stuck',
  type: 'Journal is stuck in approval',
  severity: 'warning',
  find: (journal, { at, stuckMs }) => (isInApproval(journal) && isOlder(journal, at, stuckMs) ? {} : null),
  end: (journal) => (isInApproval(journal) ? solved('somebody has worked on the journal') : endByState(journal)),
};
