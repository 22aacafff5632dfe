import { newShortId } from './ids.ts';

export const faultKinds = [
  'rate_limited',
  'timeout_after_done',
  'drop_after_done',
  'drop_before',
  'slow',
  'http_500',
  'error',
  'truncated_json',
  'ambiguous',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultRequest {
  kind: FaultKind;
  /** A Web API method, `response_url`, or `*` for all. */
  method: string;
  channel?: string | undefined;
  /** How many calls it hits; without it, every call until cleared. */
  times?: number | undefined;
  /** `rate_limited`: seconds in Retry-After; default 1. */
  retryAfter?: number | undefined;
  /** `slow`: milliseconds before the call is carried out; default 1,000. */
  ms?: number | undefined;
  /** `error`: the code; default `internal_error`. */
  error?: string | undefined;
  /** `error`, `http_500`: whether the call is carried out all the same; default false. */
  done?: boolean | undefined;
}

export interface Fault extends FaultRequest {
  id: string;
  hits: number;
}

/** Misbehaviour on request. */
export class Faults {
  #active: Fault[] = [];

  set(request: FaultRequest): Fault {
    const fault: Fault = { ...request, id: newShortId(), hits: 0 };
    this.#active.push(fault);
    return fault;
  }

  clear(): void {
    this.#active = [];
  }

  /** Whether there was one with this id. */
  remove(id: string): boolean {
    const before = this.#active.length;
    this.#active = this.#active.filter((fault) => fault.id !== id);
    return this.#active.length < before;
  }

  list(): readonly Fault[] {
    return this.#active;
  }

  /** The first fault for this call, not yet counted as a hit. */
  find(method: string, channel: string | undefined): Fault | undefined {
    return this.#active.find(
      (fault) =>
        (fault.method === '*' || fault.method === method) && (fault.channel === undefined || fault.channel === channel),
    );
  }

  /** Counts a hit, and removes the fault once it has hit as often as asked. */
  hit(fault: Fault): void {
    fault.hits += 1;
    if (fault.times !== undefined && fault.hits >= fault.times) {
      this.#active = this.#active.filter((other) => other !== fault);
    }
  }
}
