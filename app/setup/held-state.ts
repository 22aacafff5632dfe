import type { SharedState } from '../../connectors/connector.ts';

export interface HeldState extends SharedState {
  /** What it holds now, plain. */
  held(): Record<string, unknown> | null;
}

/** The state of a connection that is not stored (yet): in memory, one change at a time. */
export function createHeldState(first: Record<string, unknown> | null = null): HeldState {
  let state = first;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    held: () => state,
    read: async () => state,
    change(next) {
      const turn = queue.then(async () => {
        state = await next(state);
        return state;
      });
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}
