import type { Journal } from '../records.ts';
import type { Sort } from '../sort.ts';
import { endByState } from './journal-ends.ts';

export const declined: Sort<Journal> = {
  id: 'declined',
  type: 'Journal was declined',
  severity: 'warning',
  find: ({ state }) => (state === 'Declined' ? {} : null),
  end: endByState,
};
