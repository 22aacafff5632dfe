import { defaultLocale } from '../domain/locale.ts';
import type { CalendarDay } from './month.ts';

/** For people: 60,000. */
export const calls = (count: number, locale: string = defaultLocale) => new Intl.NumberFormat(locale).format(count);

const inUtc = { timeZone: 'UTC' } as const;

/** November. */
export function monthName({ month }: Pick<CalendarDay, 'month'>, locale = 'en-GB'): string {
  return new Intl.DateTimeFormat(locale, { month: 'long', ...inUtc }).format(new Date(`${month}T00:00Z`));
}

/** 1 December: the first day that is not of this month any more. */
function nextMonth({ month, days }: CalendarDay): string {
  const next = new Date(Date.parse(`${month}T00:00Z`) + days * 86_400_000);
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', ...inUtc }).format(next);
}

const raise = 'Raise it with Edit in the Home tab to go on sooner.';

/** What a connection's health says once the month's budget does not allow what it has to do. */
export function monthUsedUp(budget: number, at: CalendarDay, isFor: 'reading' | 'person'): string {
  const what = `The budget of ${calls(budget)} calls for ${monthName(at)} is used up`;
  return isFor === 'reading'
    ? `${what}, but for what is kept for decisions; reading goes on on ${nextMonth(at)}. ${raise}`
    : `${what}, so nothing can be asked of the ERP until ${nextMonth(at)}. An administrator can raise it.`;
}

export function dayUsedUp(budget: number, isFor: 'reading' | 'person'): string {
  const what = `Today’s budget of ${calls(budget)} calls is used up`;
  return isFor === 'reading'
    ? `${what}, but for what is kept for decisions; reading goes on tomorrow. ${raise}`
    : `${what}, so nothing can be asked of the ERP until tomorrow. An administrator can raise it.`;
}
