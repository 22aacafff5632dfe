import cron from 'node-cron';

/** Ticks that are looked through at most for the first one after a moment that this machine's clock has not reached. */
const lookAheadMost = 600;

/** When a cadence is due next; null for an expression that is not understood. */
export function nextRun(cadence: string, timezone: string): Date | null {
  return nextRuns(cadence, timezone, 1)[0] ?? null;
}

/** The first tick after `after`, which may lie ahead of this machine's clock; null where the expression is not understood. */
export function nextRunAfter(cadence: string, timezone: string, after: Date): Date | null {
  const next = nextRun(cadence, timezone);
  if (!next || next > after) return next;
  return nextRuns(cadence, timezone, lookAheadMost).find((run) => run > after) ?? null;
}

function nextRuns(cadence: string, timezone: string, count: number): Date[] {
  if (!cron.validate(cadence)) return [];
  const task = cron.createTask(cadence, () => {}, { timezone });
  const runs = task.getNextRuns(count);
  void task.destroy();
  return runs;
}
