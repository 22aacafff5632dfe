import { setTimeout as pause } from 'node:timers/promises';

/** A stuck operation must not hold up everything else: after this, the ERP's own answer decides. */
const longestWaitMs = 60_000;

/**
 * Which forms a long operation of this session keeps busy. While it runs, Acumatica refuses every other call to its form
 * in the same session (Integration Development Guide, action execution), so calls of this process wait for its end.
 */
export interface BusyForms {
  isBusy(entity: string): boolean;
  /** Resolves once the form is free, or after a minute. */
  free(entity: string, signal: AbortSignal): Promise<void>;
  /** Keeps the form busy while `work` runs. */
  during<T>(entity: string, work: () => Promise<T>): Promise<T>;
  /** Runs `work` when the form is free and it is its turn: first come, first served. */
  inTurn<T>(entity: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createBusyForms(): BusyForms {
  const running = new Map<string, Set<Promise<unknown>>>();
  const queues = new Map<string, Promise<unknown>>();

  async function free(entity: string, signal: AbortSignal): Promise<void> {
    const until = performance.now() + longestWaitMs;
    for (let set = running.get(entity); set !== undefined && set.size > 0; set = running.get(entity)) {
      const leftMs = until - performance.now();
      if (leftMs <= 0) return;
      const enough = new AbortController();
      const tooLong = pause(leftMs, undefined, { signal: AbortSignal.any([signal, enough.signal]) });
      try {
        await Promise.race([Promise.allSettled([...set]), tooLong]);
      } finally {
        enough.abort();
        tooLong.catch(() => undefined);
      }
    }
  }

  return {
    isBusy: (entity) => (running.get(entity)?.size ?? 0) > 0,
    free,
    async during(entity, work) {
      const set = running.get(entity) ?? new Set();
      running.set(entity, set);
      const end = work();
      set.add(end);
      try {
        return await end;
      } finally {
        set.delete(end);
      }
    },
    async inTurn(entity, work, signal) {
      const before = queues.get(entity) ?? Promise.resolve();
      const mine = before.then(() => free(entity, signal)).then(work);
      queues.set(
        entity,
        mine.catch(() => undefined),
      );
      return mine;
    },
  };
}
