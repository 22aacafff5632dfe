import { nowMs } from './clock.ts';
import { SlackError } from './errors.ts';
import { newSecret, newTriggerId } from './ids.ts';

export interface Trigger {
  user: string;
  /** The modal that the interaction came from. */
  viewId: string | null;
  channel: string | null;
  issuedAtMs: number;
  used: boolean;
  /** Views opened with it. */
  opened: string[];
}

/** What a response_url refers to. */
export interface ResponseTarget {
  user: string;
  channel: string;
  threadTs: string | null;
  messageTs: string | null;
  ephemeral: boolean;
  issuedAtMs: number;
  uses: number;
}

const maxTickets = 20_000;

function remember<T>(map: Map<string, T>, key: string, value: T): string {
  map.set(key, value);
  const oldest = map.size > maxTickets ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  return key;
}

/** trigger_ids (once, within three seconds) and response_urls (five times, within half an hour). */
export class Tickets {
  readonly #triggers = new Map<string, Trigger>();
  readonly #responses = new Map<string, ResponseTarget>();
  readonly #triggerLifeMs: number;
  readonly #responseUrlLifeMs: number;

  constructor(triggerLifeMs = 3000, responseUrlLifeMs = 30 * 60_000) {
    this.#triggerLifeMs = triggerLifeMs;
    this.#responseUrlLifeMs = responseUrlLifeMs;
  }

  issueTrigger(user: string, viewId: string | null, channel: string | null): { id: string; trigger: Trigger } {
    const trigger: Trigger = { user, viewId, channel, issuedAtMs: nowMs(), used: false, opened: [] };
    return { id: remember(this.#triggers, newTriggerId(), trigger), trigger };
  }

  /** Throws invalid_trigger_id, exchanged_trigger_id or expired_trigger_id. */
  exchangeTrigger(id: string): Trigger {
    const trigger = this.#triggers.get(id);
    if (!trigger) throw new SlackError('invalid_trigger_id');
    if (trigger.used) throw new SlackError('exchanged_trigger_id');
    if (nowMs() - trigger.issuedAtMs > this.#triggerLifeMs) throw new SlackError('expired_trigger_id');
    trigger.used = true;
    return trigger;
  }

  /** The key of a new response_url. */
  issueResponse(target: Omit<ResponseTarget, 'issuedAtMs' | 'uses'>): string {
    return remember(this.#responses, newSecret(18), { ...target, issuedAtMs: nowMs(), uses: 0 });
  }

  /** What a sixth or late use answers is not documented; here it is `used_url` or `expired_url`. */
  spendResponse(key: string): ResponseTarget {
    const target = this.#responses.get(key);
    if (!target) throw new SlackError('invalid_url');
    if (nowMs() - target.issuedAtMs > this.#responseUrlLifeMs) throw new SlackError('expired_url');
    if (target.uses >= 5) throw new SlackError('used_url');
    target.uses += 1;
    return target;
  }
}
