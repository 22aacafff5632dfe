/** A schedule by close days. Times are minutes past midnight, weekdays 0 (Sunday) to 6. */
export interface CloseRule {
  days: number[];
  counting: 'working' | 'calendar';
  times: number[];
  /** On days that are no close days; null: never. */
  otherwise: { weekdays: number[]; times: number[] } | null;
}

export type ParsedClose = { rule: CloseRule } | { problem: string };

const longestDay = 31;
const timesMost = 24;
const weekdayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const example = 'like “close day 1 to 5 at 8:00 and 16:00, otherwise Mondays”';

class NotUnderstood extends Error {}

/**
 * Reads "close [calendar] day DAYS at TIMES[, otherwise never | WEEKDAYS [at TIMES]]". DAYS are numbers and ranges, TIMES
 * like 8:00, 16:30 or 4 pm, WEEKDAYS names, "weekdays" or "every day"; lists are joined by commas and "and". Without times
 * of their own the other days have the first time of the close days.
 */
export function parseClose(expression: string): ParsedClose {
  try {
    return { rule: read(expression.trim().toLowerCase().replace(/\s+/g, ' ')) };
  } catch (error) {
    if (error instanceof NotUnderstood) return { problem: error.message };
    throw error;
  }
}

function read(text: string): CloseRule {
  const [close = '', other, more] = text.split(/[,;]? ?\botherwise\b:? ?/);
  if (more !== undefined) throw new NotUnderstood('says “otherwise” twice; once is enough');
  const match = /^close (?:(working|business|calendar) )?days?\b ?(.*)$/.exec(close);
  if (!match) throw new NotUnderstood(`must go on with “day” and numbers after “close”, ${example}`);
  const counting = match[1] === 'calendar' ? 'calendar' : 'working';
  const [days = '', at, again] = (match[2] ?? '').split(/ ?\bat\b ?/);
  if (again !== undefined) throw new NotUnderstood('says “at” twice for the close days; join the times by “and”');
  if (at === undefined || at === '')
    throw new NotUnderstood(`must say at which times after the close days, ${example}`);
  const times = readTimes(at);
  const rule = { days: readDays(days), counting, times } as const;
  return { ...rule, otherwise: other === undefined ? null : readOther(other, times) };
}

function readOther(text: string, times: number[]): CloseRule['otherwise'] {
  const [days = '', at, again] = text.split(/ ?\bat\b ?/);
  if (again !== undefined) throw new NotUnderstood('says “at” twice after “otherwise”; join the times by “and”');
  if (days === 'never') {
    if (at !== undefined) throw new NotUnderstood('says “otherwise never” and then a time; leave one of them out');
    return null;
  }
  if (at === '') throw new NotUnderstood('must say a time after “at”, like “otherwise Mondays at 7:30”');
  return { weekdays: readWeekdays(days), times: at === undefined ? times.slice(0, 1) : readTimes(at) };
}

/** The pieces of a list joined by commas and "and". */
function pieces(text: string): string[] {
  return text
    .split(/,? and |,/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}

function readDays(text: string): number[] {
  const all = pieces(text).flatMap((piece) => {
    const range = /^(\d{1,3})(?: ?(?:to|until|-|–) ?(\d{1,3}))?$/.exec(piece);
    if (!range) throw new NotUnderstood(`has the close day “${piece}”, which is no number; write 3, or 1 to 5`);
    const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (first < 1 || last > longestDay)
      throw new NotUnderstood(`has the close day “${piece}”; there are those from 1 to ${longestDay}`);
    if (last < first) throw new NotUnderstood(`has the close days “${piece}”, which end before they begin`);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  if (all.length === 0) throw new NotUnderstood(`must say which close days, ${example}`);
  return sorted(all);
}

function readTimes(text: string): number[] {
  const all = pieces(text).map((piece) => {
    const match = /^(\d{1,2})(?::(\d{2}))? ?(am|pm)?$/.exec(piece);
    const minutes = match && toMinutes(Number(match[1]), Number(match[2] ?? 0), match[3]);
    if (minutes === null || (match?.[2] === undefined && match?.[3] === undefined))
      throw new NotUnderstood(`has the time “${piece}”, which is none; write it like 8:00, 16:30 or 4 pm`);
    return minutes;
  });
  if (all.length === 0) throw new NotUnderstood('must say a time after “at”, like 8:00');
  if (all.length > timesMost) throw new NotUnderstood(`has more than ${timesMost} times a day`);
  return sorted(all);
}

function toMinutes(hour: number, minute: number, half: string | undefined): number | null {
  if (minute > 59 || hour > (half ? 12 : 23) || (half && hour === 0)) return null;
  const hours = half ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour;
  return hours * 60 + minute;
}

function readWeekdays(text: string): number[] {
  const all = pieces(text.replace(/^(on|every) (?!day)/, '')).flatMap((piece) => {
    if (piece === 'weekdays' || piece === 'every weekday' || piece === 'weekday') return [1, 2, 3, 4, 5];
    if (piece === 'daily' || piece === 'every day') return [0, 1, 2, 3, 4, 5, 6];
    const name = piece.replace(/s$/, '');
    const found = name.length < 3 ? -1 : weekdayNames.findIndex((day) => day === name || day.slice(0, 3) === name);
    if (found < 0)
      throw new NotUnderstood(
        `has “${piece}” after “otherwise”, which is no weekday; write Mondays, Mondays and Thursdays, weekdays, every day or never`,
      );
    return [found];
  });
  if (all.length === 0)
    throw new NotUnderstood('must say on which weekdays after “otherwise”, or “never”: “otherwise Mondays at 7:30”');
  return sorted(all);
}

const sorted = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
