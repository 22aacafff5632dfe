import { createHash, createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { companyId } from '../company.ts';
import type { Ledger, LedgerEvent } from '../ledger/ledger.ts';
import type { Settings } from '../settings.ts';

/** A Platform trigger with webhook delivery, as an administrator of the company sets it up. */
export const triggerSchema = z.strictObject({
  name: z.string().min(1),
  address: z.url(),
  /** The client secret that signs. */
  secret: z.string().min(1),
  objects: z.array(z.string()).min(1).default(['APBILL', 'APPYMT', 'GLBATCH']),
  clientContext: z.string().default(''),
});
export type Trigger = z.output<typeof triggerSchema>;

/** A delivery that was given up. */
export interface FailedDelivery {
  trigger: string;
  body: string;
  tries: number;
  problem: string;
}

interface Delivery {
  trigger: Trigger;
  body: string;
  idempotencyKey: string;
}

const answerWithinMs = 10_000;
const events = { added: 'after_add', changed: 'after_update', removed: 'after_delete' };
const restNames: Record<string, string> = {
  APBILL: 'accounts-payable/bill',
  APPYMT: 'accounts-payable/payment',
  APADJUSTMENT: 'accounts-payable/adjustment',
  VENDOR: 'accounts-payable/vendor',
  GLBATCH: 'general-ledger/journal-entry',
};

/** A JWT (HS256) that vouches for a body by the hex SHA-256 of it. */
export function signature(body: string, secret: string, now: number): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: Math.floor(now / 1000), payload_signature: createHash('sha256').update(body).digest('hex') };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Whether the real sender would try again after such an answer. */
function retried(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Tells addresses of what was added, changed and removed: one try and up to three more. */
export class WebhookSender {
  readonly #settings: Settings;
  readonly #now: () => number;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #failed: FailedDelivery[] = [];
  readonly #unsubscribe: () => void;
  #triggers: Trigger[] = [];
  sent = 0;

  constructor(ledger: Ledger, settings: Settings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
    this.#unsubscribe = ledger.onChange((event) => this.#notice(event));
  }

  triggers(): Trigger[] {
    return this.#triggers.map((trigger) => ({ ...trigger }));
  }

  failed(): FailedDelivery[] {
    return [...this.#failed];
  }

  /** Replaces a trigger of that name or adds one. Throws ZodError. */
  set(input: unknown): Trigger {
    const trigger = triggerSchema.parse(input);
    this.#triggers = [...this.#triggers.filter(({ name }) => name !== trigger.name), trigger];
    return trigger;
  }

  remove(name: string): void {
    this.#triggers = this.#triggers.filter((trigger) => trigger.name !== name);
  }

  stop(): void {
    this.#unsubscribe();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #notice({ kind, object, row }: LedgerEvent): void {
    for (const trigger of this.#triggers.filter(({ objects }) => objects.includes(object))) {
      const body = JSON.stringify({
        COMPANY: companyId,
        OBJECTNAME: object,
        RESTOBJECTNAME: restNames[object] ?? object.toLowerCase(),
        EVENT: events[kind],
        VID: String(row.RECORDNO),
      });
      const delivery = { trigger, body, idempotencyKey: randomUUID() };
      this.#later(delivery, 1, 0);
      if (this.#settings.webhookTwice) this.#later(delivery, 1, 5);
    }
  }

  #later(delivery: Delivery, attempt: number, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#send(delivery).then(({ problem, again }) => {
        if (problem === null) return;
        const wait = this.#settings.webhookRetryMs[attempt - 1];
        if (again && wait !== undefined) this.#later(delivery, attempt + 1, wait);
        else this.#failed.push({ trigger: delivery.trigger.name, body: delivery.body, tries: attempt, problem });
      });
    }, ms);
    this.#timers.add(timer);
  }

  async #send({ trigger, body, idempotencyKey }: Delivery): Promise<{ problem: string | null; again: boolean }> {
    this.sent += 1;
    try {
      const response = await fetch(trigger.address, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-IA-Sage-Signature': signature(body, trigger.secret, this.#now()),
          'X-IdempotencyKey': idempotencyKey,
          'x-clientcontext': trigger.clientContext,
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(answerWithinMs),
      });
      await response.arrayBuffer();
      return { problem: response.ok ? null : `HTTP ${response.status}`, again: retried(response.status) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error), again: true };
    }
  }
}
