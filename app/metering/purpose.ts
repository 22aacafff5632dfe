import { AsyncLocalStorage } from 'node:async_hooks';

/** Something that a person waits for, from its first call to its last. */
interface Errand {
  /** A call of it went through: the rest is not stopped half-way. */
  isUnderWay: boolean;
}

const errands = new AsyncLocalStorage<Errand>();

/**
 * Runs what a person waits for (a decision, a note, a link): its calls may use the reserve of the budget that reading
 * leaves alone. `isUnderWay`: it began in an earlier try, and is to be brought to its end whatever it costs.
 */
export function forAPerson<T>(run: () => Promise<T>, { isUnderWay = false } = {}): Promise<T> {
  return errands.run({ isUnderWay }, run);
}

/** What is being done for a person here; undefined where it is the app's own reading. */
export const errandNow = (): Errand | undefined => errands.getStore();
