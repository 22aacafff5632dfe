import type { SharedState } from '../../connectors/connector.ts';

export interface MemoryState extends SharedState {
  readonly stored: Record<string, unknown> | null;
  writes: number;
}

/** Shared state in memory that keeps, like the real one, plain JSON and one writer at a time. */
export function createMemoryState(): MemoryState {
  let text = 'null';
  let queue: Promise<unknown> = Promise.resolve();
  const parse = () => JSON.parse(text) as Record<string, unknown> | null;
  const memory: MemoryState = {
    writes: 0,
    get stored() {
      return parse();
    },
    read: async () => parse(),
    change(next) {
      const turn = queue.then(async () => {
        text = JSON.stringify(await next(parse()));
        memory.writes += 1;
        return parse();
      });
      queue = turn.catch(() => {});
      return turn;
    },
  };
  return memory;
}
