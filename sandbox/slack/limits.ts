import { nowMs } from './clock.ts';
import { RateLimited } from './errors.ts';

export type LimitsMode = 'real' | 'pace-only' | 'off';
export type Tier = 1 | 2 | 3 | 4 | 'special' | 'post';

const minuteMs = 60_000;

/** Times of the calls of the last minute. */
class Window {
  #times: number[] = [];

  /** Milliseconds until another call fits; 0 when it fits now. */
  waitMs(limit: number, now: number): number {
    while (this.#times[0] !== undefined && now - this.#times[0] >= minuteMs) this.#times.shift();
    const blocking = this.#times[this.#times.length - limit];
    return blocking === undefined ? 0 : blocking + minuteMs - now;
  }

  add(now: number): void {
    this.#times.push(now);
  }
}

/**
 * Slack's rate limits for one app in one workspace: each method by its tier over a sliding minute, and messages at
 * one a second in each channel (from the last one taken to the next arriving) under a cap of the workspace.
 */
export class Limits {
  mode: LimitsMode;
  history: 'normal' | 'restricted';
  workspaceMessagesPerMinute: number;
  /** Milliseconds between two messages of a channel. */
  channelPaceMs = 1000;
  /** Calls a minute of each tier; real Slack promises these as minimums and allows bursts, here they are exact. */
  readonly callsPerMinute: Record<Exclude<Tier, 'post'>, number> = { 1: 1, 2: 20, 3: 50, 4: 100, special: 600 };
  readonly #methods = new Map<string, Window>();
  readonly #lastMessage = new Map<string, number>();
  #messages = new Window();

  constructor(options: {
    mode?: LimitsMode | undefined;
    workspaceMessagesPerMinute?: number | undefined;
    history?: 'normal' | 'restricted' | undefined;
  }) {
    this.mode = options.mode ?? 'real';
    this.workspaceMessagesPerMinute = options.workspaceMessagesPerMinute ?? 600;
    this.history = options.history ?? 'normal';
  }

  /** Counts one call of a method; throws RateLimited when its tier is used up. */
  takeCall(method: string, tier: Tier): void {
    if (this.mode !== 'real' || tier === 'post') return;
    const restricted = this.history === 'restricted' && /^conversations\.(history|replies)$/.test(method);
    this.#take(method, restricted ? 1 : this.callsPerMinute[tier]);
  }

  #take(method: string, limit: number): void {
    const window = this.#methods.get(method) ?? new Window();
    this.#methods.set(method, window);
    const now = nowMs();
    const waitMs = window.waitMs(limit, now);
    if (waitMs > 0) throw new RateLimited(Math.ceil(waitMs / 1000), 'tier');
    window.add(now);
  }

  /** Counts one message into a channel; throws RateLimited when it comes too early. */
  takeMessage(channel: string): void {
    if (this.mode === 'off') return;
    const now = nowMs();
    const last = this.#lastMessage.get(channel);
    if (last !== undefined && now - last < this.channelPaceMs) throw new RateLimited(1, 'channel_pace');
    const waitMs = this.#messages.waitMs(this.workspaceMessagesPerMinute, now);
    if (waitMs > 0) throw new RateLimited(Math.ceil(waitMs / 1000), 'workspace_cap');
    this.#messages.add(now);
    this.#lastMessage.set(channel, now);
  }

  /** Forgets what was counted. */
  reset(): void {
    this.#methods.clear();
    this.#lastMessage.clear();
    this.#messages = new Window();
  }
}
