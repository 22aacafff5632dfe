import cron from 'node-cron';

/** When digests come, in the words of the form; the times are those of the connection's time zone. */
export const cadencePresets = [
  { cron: '0 * * * *', words: 'A digest every hour' },
  { cron: '0 8 * * *', words: 'A digest each morning at 8' },
  { cron: '0 8 * * 1-5', words: 'A digest on weekdays at 8' },
  { cron: '0 9 * * 1', words: 'A digest on Mondays at 9' },
] as const;

const lookAhead = 100;
const dayMs = 24 * 3_600_000;

/** Whether a digest can come by this expression: five fields, so never more often than once a minute. */
export function isCadence(expression: string): boolean {
  return expression.trim().split(/\s+/).length === 5 && cron.validate(expression);
}

/** How many digests a day that makes at most, on average of those to come. */
export function digestsPerDay(cadence: string, timezone: string): number {
  const task = cron.createTask(cadence, () => {}, { timezone });
  const runs = task.getNextRuns(lookAhead);
  void task.destroy();
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last || last <= first) return 0;
  return ((runs.length - 1) * dayMs) / (last.getTime() - first.getTime());
}
