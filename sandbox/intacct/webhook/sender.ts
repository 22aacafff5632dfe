import { createHash, createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Ledger, LedgerEvent } from '../ledger/ledger.ts';
import type { Settings } from '../settings.ts';

/** A Platform trigger with webhook delivery, as an administrator of the company sets it up. */
export const triggerSchema = z.strictObject({
  name: z.string().min(1),
  address: z.url(),
  /** The client secret of that app, which signs. */
  secret: z.string().min(1),
  objects: z.array(z.string()).min(1).default(['APBILL', 'APPYMT', 'GLBATCH']),
  /** The app in Sage's registry whose client secret signs. */
  clientId: z.string().default('sandbox.INTACCT.app.sage.com'),
  /** The document template: what is posted, with `{!key!}` for the number of the record. */
  template: z.string().default('{"key": "{!key!}"}'),
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
  /** What happened, as JSON. It is not signed. */
  context: string;
  idempotencyKey: string;
}

const answerWithinMs = 10_000;
/** The company's number at the vendor, which is not its company id. */
const companyNumber = '199056';
const events = { added: 'after_create', changed: 'after_update', removed: 'after_delete' };
const restNames: Record<string, string> = {
  APBILL: 'accounts-payable/bill',
  APPYMT: 'accounts-payable/payment',
  APADJUSTMENT: 'accounts-payable/adjustment',
  VENDOR: 'accounts-payable/vendor',
  GLBATCH: 'general-ledger/journal-entry',
};

const tokenLivesMs = 3_600_000;

/** A JWT (HS256) that vouches for a body by the hex SHA-256 of it; good for an hour. Source: Sage, Outbound webhooks. */
export function signature(
  body: string,
  { secret, clientId }: Pick<Trigger, 'secret' | 'clientId'>,
  now: number,
  { webhookStamps, webhookSignature }: Pick<Settings, 'webhookStamps' | 'webhookSignature'>,
): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const stamp = (ms: number) => (webhookStamps === 'milliseconds' ? ms : Math.floor(ms / 1_000));
  const claims = {
    ...{ iat: stamp(now), exp: stamp(now + tokenLivesMs), iss: 'Sage Intacct', tenant_id: clientId },
    ...{ payload_signature: createHash('sha256').update(body).digest('hex'), payload_signature_alg: 'SHA-256' },
  };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  if (webhookSignature === 'token') return token;
  return Buffer.from(JSON.stringify({ clientId, userId: 'Admin', jwtData: token })).toString('base64');
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
      const context = JSON.stringify({
        ...{ COMPANY: companyNumber, ENTITY: false, USER: '1', OBJECTNAME: object },
        ...{
          RESTOBJECTNAME: restNames[object] ?? object.toLowerCase(),
          DOCTYPE: '',
          ID: {},
          VID: String(row.RECORDNO),
        },
        ...{ EVENT: events[kind], EVENTNAME: trigger.name },
      });
      const body = trigger.template.replaceAll(/\{!(?:[\w./-]*\.)?key!\}/g, String(row.RECORDNO));
      const delivery = { trigger, body, context, idempotencyKey: randomUUID() };
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

  async #send({
    trigger,
    body,
    context,
    idempotencyKey,
  }: Delivery): Promise<{ problem: string | null; again: boolean }> {
    this.sent += 1;
    try {
      const response = await fetch(trigger.address, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-IA-Sage-Signature': signature(body, trigger, this.#now(), this.#settings),
          [this.#settings.webhookKeyHeader]: idempotencyKey,
          'x-clientcontext': Buffer.from(context).toString('base64'),
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
