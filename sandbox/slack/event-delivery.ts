import { nowMs, nowSeconds } from './clock.ts';
import type { Counters } from './counters.ts';
import { newId } from './ids.ts';
import type { Json } from './model.ts';
import type { Team } from './options.ts';
import type { Outlet } from './outlet.ts';
import type { Delivery, Sender } from './sending.ts';

interface Settings {
  appId: string;
  verificationToken: string;
  botEvents: string[];
}

/** Whose events they are. */
interface Place {
  team: Team;
  enterprise: Team | null;
  orgWide: boolean;
}

/** One attempt to bring something to the app. */
export interface DeliveryRecord {
  at: number;
  what: string;
  retry: number;
  acked: boolean;
  status: number | null;
  ms: number;
  failure: string | null;
}

const maxRecords = 1000;
/** At once, after one minute, after five. */
const defaultRetryDelaysMs = [0, 60_000, 300_000];

/** The Events API: signed JSON envelopes, retried until the app answers 2xx within three seconds. */
export class EventDelivery {
  readonly #sender: Sender;
  readonly #outlet: Outlet;
  readonly #app: Settings;
  readonly #counters: Counters;
  readonly #place: Place;
  readonly #botUserId: string;
  readonly #retryDelaysMs: number[];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #records: DeliveryRecord[] = [];
  #closed = false;
  #held: Json[] = [];

  constructor(options: {
    sender: Sender;
    outlet: Outlet;
    app: Settings;
    counters: Counters;
    place: Place;
    botUserId: string;
    retryDelaysMs?: number[] | undefined;
  }) {
    this.#sender = options.sender;
    this.#outlet = options.outlet;
    this.#app = options.app;
    this.#counters = options.counters;
    this.#place = options.place;
    this.#botUserId = options.botUserId;
    this.#retryDelaysMs = options.retryDelaysMs ?? defaultRetryDelaysMs;
  }

  /** Sends an event if the app subscribes to it. */
  emit(event: Json): void {
    const subscribed = this.#app.botEvents.includes(String(event.subscription ?? event.type));
    if (subscribed) void this.deliver(this.envelope(event));
  }

  /** Sends events one after the other, each when the one before was answered or lost. */
  async emitInTurn(events: Json[]): Promise<void> {
    const envelopes = events.filter(({ type }) => this.#app.botEvents.includes(String(type)));
    for (const envelope of envelopes.map((event) => this.envelope(event))) await this.deliver(envelope);
  }

  /** Keeps an event, with the time it has now, until `release`. */
  hold(event: Json): void {
    this.#held.push(this.envelope(event));
  }

  /** Delivers what was held, one after the other, in the order of these event types or as held. */
  async release(order: string[] = []): Promise<number> {
    const rank = (envelope: Json) => order.indexOf(String((envelope.event as Json).type));
    const envelopes = this.#held.toSorted((a, b) => rank(a) - rank(b));
    this.#held = [];
    for (const envelope of envelopes) await this.deliver(envelope);
    return envelopes.length;
  }

  envelope(event: Json): Json {
    const { subscription, ...sent } = event;
    const { team, enterprise, orgWide } = this.#place;
    return {
      token: this.#app.verificationToken,
      team_id: team.id,
      ...(enterprise ? { enterprise_id: enterprise.id } : {}),
      context_team_id: team.id,
      context_enterprise_id: enterprise?.id ?? null,
      api_app_id: this.#app.appId,
      event: sent,
      type: 'event_callback',
      event_id: newId('Ev'),
      event_time: nowSeconds(),
      authorizations: [
        {
          enterprise_id: enterprise?.id ?? null,
          team_id: orgWide ? null : team.id,
          user_id: this.#botUserId,
          is_bot: true,
          is_enterprise_install: orgWide,
        },
      ],
      is_ext_shared_channel: false,
      event_context: `4-${newId('E')}`,
    };
  }

  /** The first attempt; retries follow by themselves. */
  deliver(envelope: Json): Promise<Delivery | null> {
    return this.#attempt(JSON.stringify(envelope), String((envelope.event as Json | undefined)?.type), 0, null);
  }

  async #attempt(body: string, what: string, retry: number, reason: string | null): Promise<Delivery | null> {
    const headers = reason === null ? {} : { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': reason };
    const delivery = await this.#outlet.send({ body, contentType: 'application/json', headers });
    if (!delivery) return null;
    this.record(`event ${what}`, retry, delivery);
    const delayMs = this.#retryDelaysMs[retry];
    const stopped = delivery.headers['x-slack-no-retry'] === '1';
    if (!delivery.acked && !stopped && !this.#closed && delayMs !== undefined) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.#attempt(body, what, retry + 1, delivery.failure ?? 'unknown_error');
      }, delayMs);
      this.#timers.add(timer);
    }
    return delivery;
  }

  /** Notes one attempt of any kind in the log of deliveries. */
  record(what: string, retry: number, delivery: Delivery): void {
    const { acked, status, ms, failure } = delivery;
    this.#counters.deliveries += 1;
    this.#records.push({ at: nowMs() - ms, what, retry, acked, status, ms, failure });
    if (this.#records.length > maxRecords) this.#records.shift();
  }

  /** The last thousand attempts, oldest first. */
  records(): readonly DeliveryRecord[] {
    return this.#records;
  }

  /** Checks an address as Slack does when it is set: a signed challenge that must come back. */
  async verify(url: string): Promise<{ verified: boolean; reason?: string }> {
    const challenge = newId('challenge');
    const body = JSON.stringify({ token: this.#app.verificationToken, challenge, type: 'url_verification' });
    const delivery = await this.#sender.send({ url, body, contentType: 'application/json' });
    this.record('url_verification', 0, delivery);
    if (!delivery.acked) return { verified: false, reason: `${delivery.failure} ${delivery.status ?? ''}`.trim() };
    return delivery.body.includes(challenge)
      ? { verified: true }
      : { verified: false, reason: 'your request URL did not respond with the value of the challenge parameter' };
  }

  /** Nothing is sent again after this, what is on its way included. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
