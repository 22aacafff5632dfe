/**
 * Errors by what to do next. `message` is written for people (what happened, what to do) and never holds a secret;
 * the technical cause travels in `cause`.
 */
export abstract class NextStepError extends Error {
  /** What of that which was entered it is about: a credential by name, or address, certificate, login, rights … */
  readonly field: string | undefined;
  constructor(message: string, options: ProblemOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.field = options.field;
  }
}

type ProblemOptions = ErrorOptions & { field?: string | undefined };

/** Nothing was done; try again, after `retryAfterMs` where the other side said so. */
export class RetryableError extends NextStepError {
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: ProblemOptions & { retryAfterMs?: number | undefined } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The request left and its answer never came (or said nothing): it may have been carried out. Read before acting again. */
export class UnclearError extends NextStepError {}

/** Credentials no longer work or rights are missing: a person must reconnect. */
export class ReconnectError extends NextStepError {
  /** How much of the connection does not work: all of it, or documents of one kind. */
  readonly scope: 'connection' | 'kind';
  constructor(
    message: string,
    options: ErrorOptions & { field?: string | undefined; scope?: 'connection' | 'kind' | undefined } = {},
  ) {
    super(message, options);
    this.scope = options.scope ?? 'connection';
  }
}

/** It will never work as asked; give up and say why. */
export class PermanentError extends NextStepError {
  /** A short machine-readable reason, e.g. `channel_archived`, `blocks_refused`, `refused_by_erp`. */
  readonly reason: string;
  constructor(reason: string, message: string, options: ProblemOptions = {}) {
    super(message, options);
    this.reason = reason;
  }
}
