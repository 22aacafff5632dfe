/** What was started, stopped in the opposite order whatever happens. */
export type Start = <T extends { stop(): Promise<void> }>(started: T | Promise<T>) => Promise<T>;

export async function withStarted<R>(run: (start: Start) => Promise<R>): Promise<R> {
  const running: Array<{ stop(): Promise<void> }> = [];
  try {
    return await run(async (started) => {
      const it = await started;
      running.push(it);
      return it;
    });
  } finally {
    for (const each of running.toReversed()) await each.stop();
  }
}
