/** Work that goes on in this process after its wake-up has returned, so that no job slot is held for minutes. */
export interface InFlight {
  /** Runs `run` for the key, at most `limit` at once; a start for a key that is running makes it run once more. */
  start(key: string, run: () => Promise<void>): void;
  /** Starts nothing more and waits for what runs. */
  drain(): Promise<void>;
}

export function createInFlight(limit: number, onError: (key: string, error: unknown) => void): InFlight {
  const running = new Map<string, { again: (() => Promise<void>) | null; end: Promise<void> }>();
  const waiting = new Map<string, () => Promise<void>>();
  let draining = false;

  function launch(key: string, run: () => Promise<void>): void {
    const entry: { again: (() => Promise<void>) | null; end: Promise<void> } = { again: null, end: Promise.resolve() };
    running.set(key, entry);
    entry.end = run()
      .catch((error) => onError(key, error))
      .then(() => {
        running.delete(key);
        if (draining) return;
        if (entry.again) waiting.set(key, entry.again);
        const next = waiting.entries().next().value;
        if (!next) return;
        waiting.delete(next[0]);
        launch(...next);
      });
  }

  return {
    start(key, run) {
      if (draining) return;
      const known = running.get(key);
      if (known) known.again = run;
      else if (running.size < limit) launch(key, run);
      else waiting.set(key, run);
    },
    async drain() {
      draining = true;
      waiting.clear();
      await Promise.all([...running.values()].map(({ end }) => end));
    },
  };
}
