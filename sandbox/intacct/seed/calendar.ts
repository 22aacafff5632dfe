const dayMs = 86_400_000;

/** The ISO date of a moment (ms), in UTC. */
export function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function daysFrom(day: string, days: number): string {
  return isoDay(Date.parse(`${day}T00:00:00Z`) + days * dayMs);
}

/** First and last day of the month that is `months` after that of `day`. */
export function monthOf(day: string, months = 0): { name: string; first: string; last: string } {
  const [year = 0, month = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(year, month + months, 0));
  const name = first.toLocaleDateString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return { name, first: isoDay(first.getTime()), last: isoDay(last.getTime()) };
}
