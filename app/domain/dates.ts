import { defaultLocale } from './locale.ts';

const formats = new Map<string, Intl.DateTimeFormat>();
const formatsMost = 200;

/** The ERP's calendar and plain digits in every language: a date must be found again there. */
function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const known = formats.get(key);
  if (known) return known;
  if (formats.size >= formatsMost) formats.clear();
  const made = new Intl.DateTimeFormat(locale, { ...options, calendar: 'gregory', numberingSystem: 'latn' });
  formats.set(key, made);
  return made;
}

const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** A calendar date for people, "9 Jan 2025" or "Jan 9, 2025". It has no time zone, so none can shift it. */
export function formatDate(date: string, locale: string = defaultLocale): string {
  return formatOf(locale, { ...day, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}

/** An ISO instant for people, by the clock of a time zone: "Thu 9 Jan 2025, 08:00". */
export function formatMoment(instant: string, timeZone: string, locale: string = defaultLocale): string {
  const format = formatOf(locale, { weekday: 'short', ...day, hour: '2-digit', minute: '2-digit', timeZone });
  return format.format(new Date(instant)).replace(', ', ' ');
}

/** The month of a calendar date for people, "March 2026". */
export function formatMonth(date: string, locale: string = defaultLocale): string {
  return formatOf(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}
