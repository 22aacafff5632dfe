const DAY_MS = 86_400_000;

/** Draws a `<!date…>` as Slack does: in the viewer's zone, from tokens such as `{date_short}` and `{time}`. */
export function formatSlackDate(unixSeconds: number, format: string, timeZone = 'UTC', nowMs = Date.now()): string {
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime())) return '';
  const draw = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { ...options, timeZone }).format(date);
  const day = (ms: number) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(ms));
  const pretty = (words: string) => {
    const shown = day(date.getTime());
    if (shown === day(nowMs)) return 'today';
    if (shown === day(nowMs - DAY_MS)) return 'yesterday';
    if (shown === day(nowMs + DAY_MS)) return 'tomorrow';
    return words;
  };
  const tokens: Record<string, () => string> = {
    date_num: () => day(date.getTime()),
    date: () => draw({ year: 'numeric', month: 'long', day: 'numeric' }),
    date_short: () => draw({ year: 'numeric', month: 'short', day: 'numeric' }),
    date_long: () => draw({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
    time: () => draw({ hour: 'numeric', minute: '2-digit' }),
    time_secs: () => draw({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => ago(nowMs - date.getTime()),
  };
  return format.replace(/\{(\w+?)(_pretty)?\}/g, (whole, name: string, prettily: string | undefined) => {
    const words = tokens[name]?.();
    if (words === undefined) return whole;
    return prettily ? pretty(words) : words;
  });
}

function ago(ms: number): string {
  const format = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' });
  const minutes = Math.round(-ms / 60_000);
  if (Math.abs(minutes) < 60) return format.format(minutes, 'minute');
  if (Math.abs(minutes) < 1440) return format.format(Math.round(minutes / 60), 'hour');
  return format.format(Math.round(minutes / 1440), 'day');
}
