import type { Journal } from '../records.ts';
import type { Sort } from '../sort.ts';
import { closeOf, endOfClosed } from './closed-period.ts';

/** Made in time, and changed after its month was closed: a sub-ledger's summary grows so. */
export const closedPeriodChanged: Sort<Journal> = {
  id: 'closed_period_changed',
  type: 'Journal of a closed month was changed',
  severity: 'info',
  find(journal, now) {
    const close = closeOf(journal, now);
    const isLate =
      close !== null &&
      journal.changedAt !== null &&
      journal.changedAt >= close.closedAt &&
      journal.changedAt >= close.watchedSince &&
      (journal.createdAt === null || journal.createdAt < close.closedAt);
    return isLate ? {} : null;
  },
  end: endOfClosed,
};
