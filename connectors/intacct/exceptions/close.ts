const dayMs = 24 * 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The last day of the month of a calendar date, `months` on. */
function monthEnd(date: string, months = 0): string {
  const [year = 0, month = 0] = date.split('-').map(Number);
  return iso(Date.UTC(year, month + months, 0));
}

/** When months close: so many whole days after their last one, by the clock that is so far ahead of UTC. */
export interface Closing {
  afterDays: number;
  offsetMs: number;
}

/** The moment at which the month of a calendar date is closed. */
export const closedAt = (date: string, { afterDays, offsetMs }: Closing): number =>
  Date.parse(`${monthEnd(date)}T00:00:00Z`) + (afterDays + 1) * dayMs - offsetMs;

/** The last day that is closed at `now` (ms), and since when. Intacct shows on no object which periods are closed. */
export function closedThrough(now: number, closing: Closing): { day: string; since: number } {
  const today = iso(now + closing.offsetMs);
  const [day = monthEnd(today, -1)] = [-1, -2, -3]
    .map((months) => monthEnd(today, months))
    .filter((end) => closedAt(end, closing) <= now);
  return { day, since: closedAt(day, closing) };
}
