import { closedAt, closedThrough } from '../close.ts';
import type { Journal } from '../records.ts';
import { type Circumstances, closed, type Sort, solved } from '../sort.ts';

/** When the month of a posted journal was closed, where it is closed and is watched: until the next month closes. */
export function closeOf({ state, date }: Journal, { at, closing }: Circumstances) {
  if (closing === null || state !== 'Posted' || date === null) return null;
  const { day, since } = closedThrough(at, closing);
  return date <= day ? { closedAt: closedAt(date, closing), watchedSince: since } : null;
}

export function endOfClosed({ state, date }: Journal, { closing }: Circumstances) {
  if (state === 'Reversed') return solved('the journal was reversed');
  if (state !== 'Posted') return solved(`the journal is ${state || 'not posted'} now`);
  return closed(
    closing === null || date === null
      ? 'closed months are no longer watched'
      : 'it stands in an open month, or another month was closed since',
  );
}

/** Made and posted after its month was closed. */
export const closedPeriod: Sort<Journal> = {
  id: 'closed_period',
  type: 'Journal was posted into a closed month',
  severity: 'warning',
  find(journal, now) {
    const close = closeOf(journal, now);
    const isLate =
      close !== null &&
      journal.createdAt !== null &&
      journal.createdAt >= close.closedAt &&
      journal.createdAt >= close.watchedSince;
    return isLate ? {} : null;
  },
  end: endOfClosed,
};
