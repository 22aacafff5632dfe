/** A moment as a connection's calendar has it. */
export interface CalendarDay {
  /** The month's first day, an ISO date. */
  month: string;
  /** 1 to 31. */
  day: number;
  /** How many days the month has. */
  days: number;
  /** Days of the month that are over, today's part included; up to `days`. */
  elapsed: number;
}

/** Which day of which month it is in a time zone. */
export function calendarDay(at: Date, timeZone: string): CalendarDay {
  const parts = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value);
  const [year, month, day] = [part('year'), part('month'), part('day')];
  const first = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { month: first, day, days, elapsed: day - 1 + (part('hour') * 60 + part('minute')) / 1_440 };
}

/**
 * How many calls the whole month comes to if it goes on as it did since its day `first` (1 for the 1st), on which calls
 * were first made; null while that is less than a day and no measure.
 */
export function projected(calls: number, { elapsed, days }: CalendarDay, first = 1): number | null {
  const inUse = elapsed - (first - 1);
  return inUse < 1 ? null : Math.round(calls + (calls / inUse) * (days - elapsed));
}

/** The day of the month on which `most` is used up at this pace; null where it is not, or it is too early to tell. */
export function usedUpOn(calls: number, most: number, at: CalendarDay, first = 1): number | null {
  const comesTo = projected(calls, at, first);
  if (comesTo === null || comesTo <= most || calls >= most) return null;
  const inUse = at.elapsed - (first - 1);
  return Math.min(at.days, Math.floor(first - 1 + (most / calls) * inUse) + 1);
}
