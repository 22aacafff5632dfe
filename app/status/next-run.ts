import cron from 'node-cron';

/** When a cadence is due next; null for an expression that is not understood. */
export function nextRun(cadence: string, timezone: string): Date | null {
  if (!cron.validate(cadence)) return null;
  const task = cron.schedule(cadence, () => {}, { timezone });
  const next = task.getNextRun();
  void task.destroy();
  return next;
}
