const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A calendar date for people, "9 Jan 2025". It has no time zone, so none can shift it. */
export function formatDate(date: string): string {
  return format.format(new Date(`${date}T00:00:00Z`));
}

const moments = new Map<string, Intl.DateTimeFormat>();

/** An ISO instant for people, by the clock of a time zone: "Thu 9 Jan 2025, 08:00". */
export function formatMoment(instant: string, timeZone: string): string {
  let known = moments.get(timeZone);
  if (!known) {
    known = new Intl.DateTimeFormat('en-GB', {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZone,
    });
    moments.set(timeZone, known);
  }
  return known.format(new Date(instant)).replace(', ', ' ');
}
