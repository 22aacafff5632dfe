import type { Json } from './model.ts';

/** A refusal in Slack's words: HTTP 200 with `ok: false`. */
export class SlackError extends Error {
  readonly error: string;
  readonly extra: Json;

  constructor(error: string, extra: Json = {}) {
    super(error);
    this.name = 'SlackError';
    this.error = error;
    this.extra = extra;
  }

  toBody(): Json {
    return { ok: false, error: this.error, ...this.extra };
  }
}

export type RateLimitReason = 'channel_pace' | 'workspace_cap' | 'tier' | 'fault';

/** HTTP 429 with `Retry-After` in whole seconds. */
export class RateLimited extends Error {
  readonly retryAfterSeconds: number;
  readonly reason: RateLimitReason;

  constructor(retryAfterSeconds: number, reason: RateLimitReason) {
    super(`rate limited: ${reason}`);
    this.name = 'RateLimited';
    this.retryAfterSeconds = retryAfterSeconds;
    this.reason = reason;
  }
}

/** `invalid_arguments` with the reasons, as the Web API words them. */
export function invalidArguments(...messages: string[]): SlackError {
  return new SlackError('invalid_arguments', {
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}

/** What a client or an admin asked for does not exist (HTTP 404) or makes no sense (HTTP 400). */
export class RequestRefused extends Error {
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.name = 'RequestRefused';
    this.status = status;
  }
}
