import { PermanentError, ReconnectError, RetryableError } from '../domain/errors.ts';

const firstWaitMs = { person: 5 * 60_000, itself: 1_000 };
const longestWaitMs = 60 * 60_000;

/** Whether a person has to put something right before another try can end otherwise. */
export const needsPerson = (error: Error): boolean =>
  error instanceof ReconnectError || error instanceof PermanentError;

/**
 * How long (ms) a making waits after a failed try, the first of which is 1. Each try reads the ledger from its start, and
 * where the ERP bills by the call each costs as much as a summary: they get rarer, up to one an hour.
 */
export function waitAfter(error: Error, attempts: number): number {
  const first = needsPerson(error) ? firstWaitMs.person / 2 : firstWaitMs.itself;
  const asked = error instanceof RetryableError ? (error.retryAfterMs ?? 0) : 0;
  return Math.min(longestWaitMs, Math.max(asked, first * 2 ** Math.min(attempts, 12)));
}

/** SQL, of `feeds f` and its `connections n`: no wait after an error is left, or the connection was set up anew since. */
export const mayBeTried = `(f.next_attempt_at is null or f.next_attempt_at <= clock_timestamp()
  or n.updated_at > coalesce(f.last_started_at, '-infinity'))`;
