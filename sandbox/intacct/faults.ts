import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { z } from 'zod';

export const faultKinds = [
  '400',
  '401',
  '429',
  '500-xml',
  '503-xml',
  '503-html',
  '524-html',
  'rate-limit-in-200',
  'offline-in-200',
  'error',
  'expire-sessions',
  'slow',
  'hang',
  'hang-after',
  'drop-before',
  'drop-after',
  'cut-body',
  'truncated-xml',
  'wrong-encoding',
  'xml-bomb',
  'external-entity',
  'deep-nesting',
  'oversized',
] as const;

/** One way to misbehave, for requests that match: `after` so many passed, so many `times` (else until cleared). */
export const faultSchema = z.strictObject({
  kind: z.enum(faultKinds),
  /** Text that the body of the request contains, such as `readMore` or `<object>APBILL</object>`. */
  match: z.string().default(''),
  times: z.int().min(1).nullable().default(null),
  after: z.int().min(0).default(0),
  /** For `slow`. */
  ms: z.int().min(0).default(1_000),
  /** For `oversized`: size of the body. */
  bytes: z.int().min(1).default(50_000_000),
  /** For `error`: where it stands, and what it says. */
  level: z.enum(['control', 'operation', 'result']).default('result'),
  errorno: z.string().default('BL01001973'),
  description2: z.string().default('Something went wrong.'),
});
export type FaultInput = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema> & { id: string; seen: number; hits: number };

/** The faults that are set, in order; the first that fits a request is the one that happens. */
export class Faults {
  #faults: Fault[] = [];
  readonly #held = new Set<Response>();

  set(input: unknown): Fault {
    const fault = { ...faultSchema.parse(input), id: randomUUID().slice(0, 8), seen: 0, hits: 0 };
    this.#faults.push(fault);
    return fault;
  }

  list(): Fault[] {
    return this.#faults.map((fault) => ({ ...fault }));
  }

  /** Forgets one fault, or all. Answers that were held back stay so: their clients have to give up. */
  clear(id?: string): void {
    this.#faults = id === undefined ? [] : this.#faults.filter((fault) => fault.id !== id);
  }

  meet(body: string): Fault | undefined {
    for (const fault of this.#faults) {
      if (!body.includes(fault.match)) continue;
      fault.seen += 1;
      if (fault.seen <= fault.after || (fault.times !== null && fault.hits >= fault.times)) continue;
      fault.hits += 1;
      return fault;
    }
    return undefined;
  }

  /** Leaves a request without an answer. */
  hold(response: Response): void {
    this.#held.add(response);
    response.once('close', () => this.#held.delete(response));
  }

  /** Cuts what is held back, so that the server can close. */
  stop(): void {
    for (const response of this.#held) response.socket?.destroy();
  }
}
