/** Clock times of a time zone as instants, by the zone rules that this Node carries; no library, no wall-clock arithmetic. */

const formats = new Map<string, Intl.DateTimeFormat>();
const formatsMost = 100;
const minuteMs = 60_000;
/** Further than any zone is from UTC, and than any change of one moves the clock. */
const reachMs = 36 * 60 * minuteMs;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  if (formats.size >= formatsMost) formats.clear();
  const made = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formats.set(timeZone, made);
  return made;
}

/** What the clocks there show at an instant (ms since the epoch), as if it were UTC. */
function wallOf(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second } = parts;
  return Date.parse(`${year?.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const offsetOf = (instant: number, timeZone: string) => wallOf(instant, timeZone) - instant;

/** The calendar date that it is somewhere at an instant. */
export function localDate(instant: Date, timeZone: string): string {
  return new Date(wallOf(floor(instant.getTime()), timeZone)).toISOString().slice(0, 10);
}

/**
 * The instant at which the clocks of a time zone show `minutes` past midnight of a calendar date. A time that the clocks
 * skip is the first one after the gap; a time that they show twice is the first of the two.
 */
export function instantOf(date: string, minutes: number, timeZone: string): Date {
  const wall = Date.parse(`${date}T00:00:00Z`) + minutes * minuteMs;
  const before = offsetOf(wall - reachMs, timeZone);
  const after = offsetOf(wall + reachMs, timeZone);
  const found = [before, after].map((offset) => wall - offset).filter((instant) => wallOf(instant, timeZone) === wall);
  if (found.length > 0) return new Date(Math.min(...found));
  return new Date(endOfGap(wall, timeZone));
}

/** The instant at which the clocks jump over `wall`: the first one at which they show more. */
function endOfGap(wall: number, timeZone: string): number {
  let [low, high] = [wall - reachMs, wall + reachMs];
  while (high - low > 1_000) {
    const middle = floor((low + high) / 2);
    if (wallOf(middle, timeZone) < wall) low = middle;
    else high = middle;
  }
  return high;
}

const floor = (ms: number) => Math.floor(ms / 1_000) * 1_000;
