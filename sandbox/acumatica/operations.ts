import { randomUUID } from 'node:crypto';
import { ErpError, exception } from './erp-error.ts';
import type { Session } from './sessions.ts';
import type { Settings } from './settings.ts';

type State = { state: 'running' } | { state: 'done' } | { state: 'failed'; error: ErpError };

/** The long operations of the site: each runs in its session and keeps its form busy there. */
export class Operations {
  readonly #settings: Settings;
  readonly #states = new Map<string, State>();
  readonly #busy = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Throws while an operation of the same session runs on the form. */
  checkFree(session: Session, screen: string): void {
    if (!this.#settings.operationBlocksForm || !this.#busy.has(`${session.id} ${screen}`)) return;
    throw exception('The previous operation has not been completed yet.');
  }

  /** Runs `work` after `ms`; returns the id to ask for the state by. */
  start(session: Session, screen: string, ms: number, work: () => void): string {
    const id = randomUUID();
    const form = `${session.id} ${screen}`;
    this.#states.set(id, { state: 'running' });
    this.#busy.set(form, (this.#busy.get(form) ?? 0) + 1);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const left = (this.#busy.get(form) ?? 1) - 1;
      if (left > 0) this.#busy.set(form, left);
      else this.#busy.delete(form);
      this.#states.set(id, this.#result(work));
    }, ms);
    this.#timers.add(timer);
    return id;
  }

  state(id: string): State | undefined {
    return this.#states.get(id);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #result(work: () => void): State {
    try {
      work();
      return { state: 'done' };
    } catch (error) {
      return { state: 'failed', error: error instanceof ErpError ? error : exception(String(error)) };
    }
  }
}
