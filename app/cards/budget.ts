/** How fast one workspace may be sent to, whatever the channel: a bucket that refills evenly. */
export interface Budget {
  /** Milliseconds until one more may be sent; 0 for now. */
  waitMs(key: string): number;
  spend(key: string): void;
  /** The other side asked for patience: nothing for this key until then. */
  pause(key: string, forMs: number): void;
}

/**
 * Keeps budgets in this process: each process takes its share of the minute, so no round trip is needed.
 * `perMinute` and `processes` are read at each call; a sixth of a minute's worth may go at once.
 */
export function createBudget(perMinute: () => number, processes: () => number, now = () => performance.now()): Budget {
  const fullAt = new Map<string, number>();
  const everyMs = () => (60_000 / perMinute()) * processes();
  const burstMs = 10_000;
  return {
    waitMs: (key) => Math.max(0, (fullAt.get(key) ?? 0) - burstMs - now()),
    spend(key) {
      fullAt.set(key, Math.max(fullAt.get(key) ?? 0, now()) + everyMs());
    },
    pause(key, forMs) {
      fullAt.set(key, Math.max(fullAt.get(key) ?? 0, now() + forMs + burstMs));
    },
  };
}
