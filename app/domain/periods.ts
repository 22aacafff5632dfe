import { formatMonth } from './dates.ts';
import { defaultLocale } from './locale.ts';

/** A reporting period as the ERP keeps it; `start` and `end` are calendar dates (`YYYY-MM-DD`) and both belong to it. */
export interface ReportingPeriod {
  name: string;
  start: string;
  end: string;
}

const dayMs = 86_400_000;
/** A month of any calendar: four or five weeks, or a calendar month; six weeks where a year is filled up. */
const monthDays = { least: 20, most: 45 };

/** The date so many days later (or earlier). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

/**
 * The periods that are closed one after the other, in order: month-like ones that follow on one another. Quarters, years,
 * and periods that overlap the others (to date, budgets) do not count.
 */
export function closePeriods(periods: readonly ReportingPeriod[]): ReportingPeriod[] {
  const months = unique(periods).filter((period) => {
    const days = lengthOf(period);
    return days >= monthDays.least && days <= monthDays.most;
  });
  const starts = new Set(months.map(({ start }) => start));
  const ends = new Set(months.map(({ end }) => end));
  const ranked = months
    .map((period) => {
      const neighbours = Number(ends.has(addDays(period.start, -1))) + Number(starts.has(addDays(period.end, 1)));
      return { period, neighbours, days: lengthOf(period) };
    })
    .sort((a, b) => b.neighbours - a.neighbours || a.days - b.days || compare(a.period.name, b.period.name));
  const kept: ReportingPeriod[] = [];
  for (const { period } of ranked) {
    const overlaps = kept.some(({ start, end }) => start <= period.end && period.start <= end);
    if (!overlaps) kept.push(period);
  }
  return kept.sort((a, b) => compare(a.start, b.start));
}

const keptMost = 60;
const keptBackDays = 366;

/**
 * Of the periods that are closed, those that matter from a date on: of a year back, then the nearest. Companies set up
 * periods for decades ahead.
 */
export function periodsAround(periods: readonly ReportingPeriod[], date: string): ReportingPeriod[] {
  const oldest = addDays(date, -keptBackDays);
  return closePeriods(periods)
    .filter(({ end }) => end >= oldest)
    .slice(0, keptMost);
}

/** The calendar month of a date: what a company's period is where its ERP names none. */
export function calendarMonth(date: string): ReportingPeriod {
  const [year = 0, month = 1] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 10);
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return { name: first.slice(0, 7), start: first, end: last };
}

/** The period that a date is in; its calendar month where none of `periods` covers it. */
export function periodOf(date: string, periods: readonly ReportingPeriod[]): ReportingPeriod {
  return periods.find(({ start, end }) => start <= date && date <= end) ?? calendarMonth(date);
}

/** For people: "March 2026" where it is that calendar month, else what the ERP calls it. */
export function periodWords({ name, start, end }: ReportingPeriod, locale: string = defaultLocale): string {
  const month = calendarMonth(start);
  return month.start === start && month.end === end ? formatMonth(start, locale) : name;
}

function lengthOf({ start, end }: ReportingPeriod): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / dayMs) + 1;
}

/** Of periods with the same dates one, so that they do not count as overlapping. */
function unique(periods: readonly ReportingPeriod[]): ReportingPeriod[] {
  const byDates = new Map<string, ReportingPeriod>();
  for (const period of [...periods].sort((a, b) => compare(a.name, b.name))) {
    const dates = `${period.start} ${period.end}`;
    if (!byDates.has(dates)) byDates.set(dates, period);
  }
  return [...byDates.values()];
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
