/** Milliseconds since the epoch with fractions, from the monotonic clock: differences are exact even if the wall clock moves. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Whole seconds since the epoch. */
export function nowSeconds(): number {
  return Math.floor(nowMs() / 1000);
}

/** Message timestamps, `seconds.microseconds`: unique in the workspace and always increasing. */
export class TimestampSequence {
  #lastMicros = 0;

  next(): string {
    this.#lastMicros = Math.max(Math.floor(nowMs() * 1000), this.#lastMicros + 1);
    const seconds = Math.floor(this.#lastMicros / 1e6);
    return `${seconds}.${String(this.#lastMicros % 1e6).padStart(6, '0')}`;
  }
}
