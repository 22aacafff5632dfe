import type { Journal } from '../records.ts';
import { closed, type Sort } from '../sort.ts';
import { endByState, isOlder } from './journal-ends.ts';

export const isInApproval = ({ state }: Journal) => state === 'Submitted' || state === 'Partially Approved';

/** A journal that somebody has to approve; once it waits for too long it is told of as stuck. */
export const submitted: Sort<Journal> = {
  id: 'submitted',
  type: 'Journal waits for approval',
  severity: 'info',
  find: (journal, { at, stuckMs }) => (isInApproval(journal) && !isOlder(journal, at, stuckMs) ? {} : null),
  end: (journal) =>
    isInApproval(journal) ? closed('it has waited for so long that it is told of as stuck') : endByState(journal),
};
