const dayMs = 86_400_000;

export interface Due {
  words: string;
  overdue: boolean;
}

/** How far a due date is from today where the connection's company is: "due today", "overdue by 3 days". */
export function dueIn(dueDate: string, now: Date, timeZone: string): Due {
  const days = Math.round((Date.parse(dueDate) - Date.parse(today(now, timeZone))) / dayMs);
  if (days === 0) return { words: 'due today', overdue: false };
  if (days === 1) return { words: 'due tomorrow', overdue: false };
  if (days > 1) return { words: `due in ${days} days`, overdue: false };
  return { words: days === -1 ? 'overdue since yesterday' : `overdue by ${-days} days`, overdue: true };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar date there, YYYY-MM-DD. */
function today(now: Date, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(now);
}
