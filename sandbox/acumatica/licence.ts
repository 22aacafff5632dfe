import { limitReached } from './erp-error.ts';
import type { Settings } from './settings.ts';

/**
 * Lets requests in as the licence allows: so many at once, so many a minute. From half of the minute's quota on each
 * request is delayed by the remaining time over the remaining requests; only a long queue or a long wait is declined.
 */
export class Licence {
  readonly #settings: Settings;
  readonly #queue: (() => void)[] = [];
  readonly #timers = new Map<NodeJS.Timeout, () => void>();
  #running = 0;
  #waiting = 0;
  #windowStart = 0;
  #inWindow = 0;
  declined = 0;
  delayed = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Resolves when the request may run, with the function to call when it is over. Throws ErpError when declined. */
  async admit(): Promise<() => void> {
    const delayMs = this.#delayMs();
    if (delayMs > 0) await this.#wait((go) => this.#after(delayMs, go), delayMs);
    if (this.#full()) await this.#wait((go) => this.#queue.push(go), 0);
    else this.#running += 1;
    return () => this.#release();
  }

  /** Lets everybody in, so that nothing keeps the process alive. */
  stop(): void {
    for (const [timer, go] of this.#timers) {
      clearTimeout(timer);
      go();
    }
    for (const go of this.#queue.splice(0)) go();
  }

  #full(): boolean {
    const limit = this.#settings.concurrentRequests;
    return limit !== null && this.#running >= limit;
  }

  #release(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#running -= 1;
  }

  #delayMs(): number {
    const quota = this.#settings.requestsPerMinute;
    if (quota === null) return 0;
    const now = performance.now();
    if (now - this.#windowStart >= this.#settings.minuteMs) {
      this.#windowStart = now;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    const leftMs = this.#windowStart + this.#settings.minuteMs - now;
    if (this.#inWindow <= quota / 2) return 0;
    return leftMs / Math.max(1, quota - this.#inWindow);
  }

  async #wait(begin: (go: () => void) => void, knownMs: number): Promise<void> {
    const { queueLength, queueMs } = this.#settings;
    const decline = () => {
      this.declined += 1;
      return limitReached('The request is declined: too many requests are waiting.', this.#settings);
    };
    if (this.#waiting >= queueLength || knownMs > queueMs) throw decline();
    this.#waiting += 1;
    this.delayed += 1;
    try {
      await new Promise<void>((resolve, reject) => {
        const cancel = this.#after(queueMs, () => {
          const place = this.#queue.indexOf(go);
          if (place >= 0) this.#queue.splice(place, 1);
          reject(decline());
        });
        const go = () => {
          cancel();
          resolve();
        };
        begin(go);
      });
    } finally {
      this.#waiting -= 1;
    }
  }

  #after(ms: number, go: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      go();
    }, ms);
    this.#timers.set(timer, go);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }
}
