import { nextDues, parseSchedule } from '../domain/close-schedule.ts';
import { formatMoment } from '../domain/dates.ts';
import { isMadeHere } from '../domain/kinds.ts';
import type { ReportingPeriod } from '../domain/periods.ts';

const shown = 5;

/**
 * The next instants of a schedule in words, by the calendar as it is known; null for what has no schedule of its own or one
 * that is not understood. Without `periods` the calendar months count.
 */
export function comingInWords(
  kind: string,
  cadence: string,
  timeZone: string,
  periods: readonly ReportingPeriod[],
): string | null {
  if (!isMadeHere(kind)) return null;
  const parsed = parseSchedule(cadence);
  if ('problem' in parsed) return null;
  try {
    const dues = nextDues(parsed.schedule, new Date(), { periods, timeZone }, shown);
    if (dues.length === 0) return 'By this none would come within a year.';
    const moments = dues.map((due) => formatMoment(due.toISOString(), timeZone));
    const by = periods.length > 0 ? 'by the ERP’s reporting periods' : 'by calendar months';
    return `The next, ${by}: ${moments.join(' · ')}.`;
  } catch (error) {
    // A time zone that is not known is said at its own field.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
