/** How a user of Intacct reads dates: the answer of `readUserFormatting`. */
export interface UserFormat {
  /** `en_US` */
  locale: string;
  /** A separator and the order: `/mdY`, `.dmY`, `-Ymd`; a small `y` is a year of two digits. */
  dateformat: string;
  /** `+09:30` */
  gmtoffset: string;
  clock: '12' | '24';
}

const minuteMs = 60_000;
const stampPattern = /^(\S+)(?: (\d\d):(\d\d):(\d\d)(?: ?([AaPp])[Mm])?)?$/;

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Milliseconds that the user's clock is ahead of UTC. */
export function offsetMs({ gmtoffset }: UserFormat): number {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(gmtoffset);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * minuteMs;
}

/** An ISO date as this user sees it. Dates have no zone. */
export function dateText(iso: string, { dateformat }: UserFormat): string {
  const [year = '', month = '', day = ''] = iso.split('-');
  const parts: Record<string, string> = { Y: year, y: year.slice(-2), m: month, d: day };
  return [...dateformat.slice(1)].map((letter) => parts[letter]).join(dateformat[0]);
}

/** A moment (ms since the epoch) on this user's clock, to the second. */
export function stampText(ms: number, format: UserFormat): string {
  const iso = new Date(ms + offsetMs(format)).toISOString();
  const date = dateText(iso.slice(0, 10), format);
  const time = iso.slice(11, 19);
  if (format.clock === '24') return `${date} ${time}`;
  const hour = Number(time.slice(0, 2));
  return `${date} ${two(hour % 12 || 12)}${time.slice(2)} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** An ISO date out of what this user writes; null for any other form, so for ISO dates too. */
export function readDate(text: string, { dateformat }: UserFormat): string | null {
  const parts = text.split(dateformat[0] ?? '/');
  if (parts.length !== 3 || !parts.every((part) => /^\d{1,4}$/.test(part))) return null;
  const found: Record<string, number> = {};
  for (const [index, letter] of [...dateformat.slice(1)].entries()) {
    const part = parts[index] ?? '';
    if (letter === 'Y' ? part.length !== 4 : part.length > 2) return null;
    found[letter.toLowerCase()] = letter === 'y' ? 2000 + Number(part) : Number(part);
  }
  const iso = `${found.y}-${two(found.m ?? 0)}-${two(found.d ?? 0)}`;
  const ms = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(iso) ? iso : null;
}

/** A moment (ms since the epoch) out of what this user writes, a date alone being its midnight; null for any other form. */
export function readStamp(text: string, format: UserFormat): number | null {
  const match = stampPattern.exec(text);
  const date = match?.[1] === undefined ? null : readDate(match[1], format);
  if (!match || date === null) return null;
  const [, , hours = '00', minutes = '00', seconds = '00', half] = match;
  const hour = half ? (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hours);
  const ms = Date.parse(`${date}T${two(hour)}:${minutes}:${seconds}Z`);
  return Number.isNaN(ms) ? null : ms - offsetMs(format);
}
