import type { Journal } from '../records.ts';
import { type Sort, solved } from '../sort.ts';
import { endByState, isOlder } from './journal-ends.ts';

const dayMs = 24 * 3_600_000;
const oldDays = 30;

/** A draft that nobody has touched for a month. */
export const oldDraft: Sort<Journal> = {
  id: 'old_draft',
  type: 'Draft was left for a month',
  severity: 'info',
  find: (journal, { at }) => (journal.state === 'Draft' && isOlder(journal, at, oldDays * dayMs) ? {} : null),
  end: (journal) => (journal.state === 'Draft' ? solved('somebody has worked on the draft') : endByState(journal)),
};
