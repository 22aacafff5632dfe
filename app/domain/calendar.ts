const dayMs = 86_400_000;
const at = (date: string) => Date.parse(`${date}T00:00:00Z`);

/** How many days `to` is after `from`; both are calendar dates, so no time zone has a say. */
export function daysBetween(from: string, to: string): number {
  return Math.round((at(to) - at(from)) / dayMs);
}

/** The calendar date so many days after another. */
export function addDays(date: string, days: number): string {
  return new Date(at(date) + days * dayMs).toISOString().slice(0, 10);
}
