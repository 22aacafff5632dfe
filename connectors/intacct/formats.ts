/** How the API user sees dates and moments, as `readUserFormatting` tells; answers and filters follow it. */
export interface UserFormat {
  locale: string;
  /** Between the parts of a date. */
  separator: string;
  /** The order of its parts: `Y` a year of four digits, `y` of two. */
  order: string;
  /** How far the user's clock is ahead of UTC. */
  offsetMs: number;
  clock: '12' | '24';
}

const minuteMs = 60_000;
const two = (value: number) => String(value).padStart(2, '0');

/** Out of the wire's words (`/mdY`, `+09:30`, `24`); null where they are others. */
export function readUserFormat(
  wire: Readonly<Record<'locale' | 'dateformat' | 'gmtoffset' | 'clock', string | null>>,
): UserFormat | null {
  const date = /^([^a-zA-Z0-9])([mdyY]{3})$/.exec(wire.dateformat ?? '');
  const offset = /^([+-])\s*(\d{1,2}):?(\d\d)$/.exec(wire.gmtoffset ?? '');
  const [, separator = '', order = ''] = date ?? [];
  if (date === null || offset === null || new Set(order.toLowerCase()).size !== 3) return null;
  if (wire.clock !== '12' && wire.clock !== '24') return null;
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  const offsetMs = (offset[1] === '-' ? -1 : 1) * minutes * minuteMs;
  return { locale: wire.locale ?? '', separator, order, offsetMs, clock: wire.clock };
}

/** A calendar date (`YYYY-MM-DD`) out of what the user sees; null for any other form. */
export function readDate(text: string, { separator, order }: UserFormat): string | null {
  const parts = text.split(separator);
  if (parts.length !== 3 || !parts.every((part) => /^\d{1,4}$/.test(part))) return null;
  const found: Record<string, number> = {};
  for (const [index, letter] of [...order].entries()) {
    const part = parts[index] ?? '';
    if (letter === 'Y' ? part.length !== 4 : part.length > 2) return null;
    found[letter.toLowerCase()] = letter === 'y' ? fullYear(Number(part)) : Number(part);
  }
  const { y = 0, m = 0, d = 0 } = found;
  const iso = `${String(y).padStart(4, '0')}-${two(m)}-${two(d)}`;
  const at = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(iso) ? iso : null;
}

/** Two digits reach from 1970, where Intacct's oldest stamps are, to 2069. */
const fullYear = (short: number) => (short < 70 ? 2000 : 1900) + short;

/** A calendar date (`YYYY-MM-DD`) as the user writes it. */
export function dateText(date: string, { separator, order }: Pick<UserFormat, 'separator' | 'order'>): string {
  const [year = '', month = '', day = ''] = date.split('-');
  const parts: Record<string, string> = { Y: year, y: year.slice(-2), m: month, d: day };
  return [...order].map((letter) => parts[letter]).join(separator);
}

/** A moment (ms since the epoch) out of what the user sees; a date alone is its midnight. Null for any other form. */
export function readMoment(text: string, format: UserFormat): number | null {
  const [, day = '', hours = '00', minutes = '00', seconds = '00', half] =
    /^(\S+?)(?:[ T](\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?(?: ?([AaPp])[Mm])?)?$/.exec(text) ?? [];
  const date = readDate(day, format);
  if (date === null) return null;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0);
  const at = Date.parse(`${date}T${two(hour)}:${minutes}:${seconds}Z`);
  return Number.isNaN(at) ? null : at - format.offsetMs;
}

function momentText(localMs: number, { separator, order, clock }: UserFormat): string {
  const iso = new Date(localMs).toISOString();
  const date = dateText(iso.slice(0, 10), { separator, order });
  const time = iso.slice(11, 19);
  if (clock === '24') return `${date} ${time}`;
  const hour = Number(time.slice(0, 2));
  return `${date} ${two(hour % 12 || 12)}${time.slice(2)} ${hour < 12 ? 'AM' : 'PM'}`;
}

/**
 * A lower bound for moments, written as the user would. Sources differ on whether Intacct reads it on the user's clock or
 * as UTC, so it is the earlier of both: by either nothing is passed over.
 */
export const lowerBound = (atMs: number, format: UserFormat): string =>
  momentText(atMs + Math.min(0, format.offsetMs), format);

/** A lower bound where the unit is known to lie before any moment that matters: old rows carry 1970. */
export const dayAfterEpoch = (format: UserFormat): string => momentText(Date.UTC(1971, 0, 1), format);
