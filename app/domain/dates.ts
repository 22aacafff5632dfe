const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A calendar date for people, "9 Jan 2025". It has no time zone, so none can shift it. */
export function formatDate(date: string): string {
  return format.format(new Date(`${date}T00:00:00Z`));
}
