import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { displayMoney } from '../money.ts';
import type { DocumentRecord } from './document.ts';
import type { Form } from './form.ts';
import type { Parts } from './parts.ts';
import type { RecordEvent } from './records.ts';

/** As typed into the form Push Notifications (SM302000): one address, one header, one query. */
export const destinationSchema = z.strictObject({
  name: z.string().min(1),
  address: z.url(),
  headerName: z.string().min(1).optional(),
  headerValue: z.string().optional(),
  query: z.string().default('Bills'),
  /** The form whose documents the query lists. */
  form: z.string().default('bills'),
  active: z.boolean().default(true),
});
export type Destination = z.output<typeof destinationSchema>;

type Row = Record<string, string | null>;

/** A notice that could not be brought, as form SM502000 lists them. */
export interface FailedNotice {
  destination: string;
  body: string;
  attempts: number;
  problem: string;
}

const attemptsMost = 5;
/** Beyond 2^53 on purpose: whoever reads it as a float loses its end. */
const firstStamp = 638_700_000_000_000_001n;

/**
 * Tells destinations of changed documents of the form that each asks for. A change is a Deleted and an Inserted row; deliveries come at least once; an
 * error is answered by sending again, five times at most. Source: Acumatica, Integration Development Guide.
 */
export class PushNotifications {
  readonly #parts: Parts;
  readonly #told = new Map<string, Row>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #destinations: Destination[] = [];
  #failed: FailedNotice[] = [];
  #stamp = firstStamp;
  #subscriptions: (() => void)[] = [];
  sent = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  destinations(): Destination[] {
    return this.#destinations.map((destination) => ({ ...destination }));
  }

  failed(): FailedNotice[] {
    return [...this.#failed];
  }

  /** Replaces a destination of that name or adds one; telling begins with what changes from now on. */
  set(input: unknown): Destination {
    const destination = destinationSchema.parse(input);
    this.#destinations = [...this.#destinations.filter(({ name }) => name !== destination.name), destination];
    if (this.#subscriptions.length === 0) {
      this.#subscriptions = this.#parts.forms.map((form) => {
        for (const document of form.all()) this.#told.set(document.id, rowOf(form, document));
        return form.onChange((event) => this.#notice(form, event));
      });
    }
    return destination;
  }

  remove(name: string): void {
    this.#destinations = this.#destinations.filter((destination) => destination.name !== name);
    if (this.#destinations.length > 0) return;
    this.#unsubscribe();
    this.#told.clear();
  }

  /** Sends what failed again, as a person does on form SM502000. */
  resend(): void {
    const failed = this.#failed;
    this.#failed = [];
    for (const { destination, body } of failed) {
      const found = this.#destinations.find(({ name }) => name === destination);
      if (found) this.#bring(found, body, 0, 1);
    }
  }

  stop(): void {
    this.#unsubscribe();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #unsubscribe(): void {
    for (const end of this.#subscriptions) end();
    this.#subscriptions = [];
  }

  #notice(form: Form, event: RecordEvent<DocumentRecord>): void {
    const changed = event.kind === 'bulk' ? form.all().slice(-event.count) : [event.document];
    const rows = changed.map((document) => {
      const before = this.#told.get(document.id) ?? null;
      const after = event.kind === 'removed' ? null : rowOf(form, document);
      if (after) this.#told.set(document.id, after);
      else this.#told.delete(document.id);
      return { before, after };
    });
    if (this.#parts.settings.pushesLost) return;
    const most = this.#parts.settings.pushRowsMost ?? rows.length;
    for (let from = 0; from < rows.length; from += most) this.#tell(form, rows.slice(from, from + most));
  }

  #tell(form: Form, rows: Array<{ before: Row | null; after: Row | null }>): void {
    const inserted = rows.flatMap(({ after }): Row[] => (after ? [after] : []));
    const deleted = rows.flatMap(({ before }): Row[] => (before ? [before] : []));
    const { pushPairs, pushTwice, pushDelayMs } = this.#parts.settings;
    const apart = pushPairs === 'apart' && inserted.length > 0 && deleted.length > 0;
    const bodies = (query: string) =>
      apart
        ? [this.#body(query, [], deleted), this.#body(query, inserted, [])]
        : [this.#body(query, inserted, deleted)];
    for (const destination of this.#destinations.filter(({ active, form: of }) => active && of === form.collection)) {
      const notices = bodies(destination.query);
      const order = this.#parts.settings.pushOrder === 'reversed' ? notices.toReversed() : notices;
      for (const [index, body] of order.entries()) {
        if (this.#isTooLong(destination, body)) continue;
        this.#bring(destination, body, pushDelayMs + index * 20, 1);
        if (pushTwice) this.#bring(destination, body, pushDelayMs + index * 20 + 10, 1);
      }
    }
  }

  /** One that is too long is never sent; it stands among those that failed. */
  #isTooLong(destination: Destination, body: string): boolean {
    const most = this.#parts.settings.pushBytesMost;
    if (most === null || Buffer.byteLength(body) <= most) return false;
    this.#failed.push({ destination: destination.name, body, attempts: 0, problem: 'The message is too long.' });
    return true;
  }

  #body(query: string, inserted: Row[], deleted: Row[]): string {
    this.#stamp += 7n;
    const { CompanyId, ...head } = {
      Inserted: inserted,
      Deleted: deleted,
      Query: query,
      CompanyId: this.#parts.settings.pushCompany ?? this.#parts.settings.tenant,
    };
    const rest = JSON.stringify({ CompanyId, Id: randomUUID() });
    return `${JSON.stringify(head).slice(0, -1)},${rest.slice(1, -1)},"TimeStamp":${this.#stamp},"AdditionalInfo":{}}`;
  }

  #bring(destination: Destination, body: string, delayMs: number, attempt: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#send(destination, body).then((problem) => {
        if (problem === null) return;
        if (attempt < attemptsMost) this.#bring(destination, body, this.#parts.settings.pushRetryMs, attempt + 1);
        else this.#failed.push({ destination: destination.name, body, attempts: attempt, problem });
      });
    }, delayMs);
    this.#timers.add(timer);
  }

  async #send({ address, headerName, headerValue }: Destination, body: string): Promise<string | null> {
    this.sent += 1;
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(headerName ? { [headerName]: headerValue ?? '' } : {}) },
        body,
        signal: AbortSignal.timeout(this.#parts.settings.pushTimeoutMs),
      });
      await response.arrayBuffer();
      return response.ok ? null : `HTTP ${response.status}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** A row of the inquiry: flat values under the screen's own names, no offset on its dates. */
function rowOf({ address }: Form, { type, ref, status, amount, modifiedAt }: DocumentRecord): Row {
  return {
    [address.type]: type,
    [address.reference]: ref,
    Status: status,
    CuryOrigDocAmt: amount === null ? null : displayMoney(amount),
    LastModifiedDateTime: new Date(modifiedAt).toISOString().replace(/0*Z$/, '').replace(/\.$/, ''),
  };
}
