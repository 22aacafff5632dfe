import { nextRunAfter } from './cadence.ts';
import { type CloseRule, parseClose } from './close-words.ts';
import { instantOf, localDate } from './local-time.ts';
import { addDays, calendarMonth, closePeriods, periodOf, type ReportingPeriod, weekdayOf } from './periods.ts';

/** When summaries are made: by the close calendar, or by a cron expression. */
export type CloseSchedule = { close: CloseRule } | { cron: string };

/** Days that are looked through for the next instant; a schedule without one in that time never fires. */
const lookAheadDays = 400;
/** The last close day that can be asked for is at most so many days after a period's end. */
const farthestCloseDay = 45;
const cronLike = /^[\d*/,\-?LW#a-z ]+$/i;

/**
 * Reads an expression like "close day 1 to 5 at 8:00 and 16:00, otherwise Mondays", or a cron expression. Gives what is
 * not understood in words for whoever typed it.
 */
export function parseSchedule(text: string): { schedule: CloseSchedule } | { problem: string } {
  const expression = text.trim().replace(/\s+/g, ' ');
  if (/^close\b/i.test(expression)) {
    const parsed = parseClose(expression);
    return 'rule' in parsed ? { schedule: { close: parsed.rule } } : parsed;
  }
  const isFive = expression.split(' ').length === 5;
  if (isFive && cronLike.test(expression) && nextRunAfter(expression, 'UTC', new Date(0)))
    return { schedule: { cron: expression } };
  return {
    problem:
      'must begin with “close day”, like “close day 1 to 5 at 8:00 and 16:00, otherwise Mondays”, or be a cron expression of five fields',
  };
}

/**
 * The company's own periods, as far as they may matter on a day, and calendar months around it where they end or there are
 * none: a year that nobody has set up yet is closed all the same.
 */
function calendarFor(own: readonly ReportingPeriod[], date: string): readonly ReportingPeriod[] {
  const last = own.at(-1);
  if (last && last.end >= date) return own;
  const months = [-62, -31, 0, 31].map((days) => calendarMonth(addDays(`${date.slice(0, 7)}-15`, days)));
  return last ? [...own, ...months.filter(({ start }) => start > last.end)] : months;
}

/**
 * The date of a close day: the Nth working day (Monday to Friday; holidays are not known) or calendar day after the end of
 * a period.
 */
export function closeDate(periodEnd: string, day: number, counting: CloseRule['counting']): string {
  if (counting === 'calendar') return addDays(periodEnd, day);
  let date = periodEnd;
  for (let count = 0; count < day; ) {
    date = addDays(date, 1);
    if (isWorkingDay(date)) count += 1;
  }
  return date;
}

const isWorkingDay = (date: string) => weekdayOf(date) % 6 !== 0;

function isCloseDay(date: string, { days, counting }: CloseRule, own: readonly ReportingPeriod[]): boolean {
  const earliest = addDays(date, -farthestCloseDay);
  return calendarFor(own, date).some(
    ({ end }) => end < date && end >= earliest && days.some((day) => closeDate(end, day, counting) === date),
  );
}

/**
 * The first instant after `after` at which a summary is due; null where none comes within a year. On close days the rule
 * for other days does not count. Each instant comes once, whatever the clocks do that day.
 */
export function nextDue(
  schedule: CloseSchedule,
  after: Date,
  { periods, timeZone }: { periods: readonly ReportingPeriod[]; timeZone: string },
): Date | null {
  if ('cron' in schedule) return nextRunAfter(schedule.cron, timeZone, after);
  const { close } = schedule;
  const own = closePeriods(periods);
  // From the day before: where the clocks go back over midnight, that day's last hour is still to come.
  let date = addDays(localDate(after, timeZone), -1);
  for (let looked = 0; looked <= lookAheadDays; looked += 1, date = addDays(date, 1)) {
    const due = timesOn(date, close, own)
      .map((minutes) => instantOf(date, minutes, timeZone))
      .filter((instant) => instant > after)
      .sort((a, b) => a.getTime() - b.getTime());
    if (due[0]) return due[0];
  }
  return null;
}

function timesOn(date: string, rule: CloseRule, own: readonly ReportingPeriod[]): number[] {
  if (isCloseDay(date, rule, own)) return rule.times;
  return rule.otherwise?.weekdays.includes(weekdayOf(date)) ? rule.otherwise.times : [];
}

/** The next `count` instants. */
export function nextDues(
  schedule: CloseSchedule,
  after: Date,
  calendar: { periods: readonly ReportingPeriod[]; timeZone: string },
  count: number,
): Date[] {
  const all: Date[] = [];
  let last = after;
  while (all.length < count) {
    const next = nextDue(schedule, last, calendar);
    if (!next) break;
    all.push(next);
    last = next;
  }
  return all;
}

/**
 * What a summary at a moment is of: the period that is being closed, from its end until its last close day; else the
 * current one.
 */
export function periodAt(
  schedule: CloseSchedule,
  moment: Date,
  { periods, timeZone }: { periods: readonly ReportingPeriod[]; timeZone: string },
): { period: ReportingPeriod; closing: boolean } {
  const date = localDate(moment, timeZone);
  const calendar = calendarFor(closePeriods(periods), date);
  if ('close' in schedule) {
    const { days, counting } = schedule.close;
    const last = Math.max(...days);
    const closing = calendar.findLast(({ end }) => end < date && date <= closeDate(end, last, counting));
    if (closing) return { period: closing, closing: true };
  }
  return { period: periodOf(date, calendar), closing: false };
}
