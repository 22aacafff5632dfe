import { z } from 'zod';
import { RetryableError } from '../../../app/domain/errors.ts';
import type { SignInHeldBack } from './sign-in.ts';

const schema = z.object({ tries: z.number(), until: z.number(), owner: z.string(), message: z.string() });
/** Why and until when (ms since the epoch) nobody signs in; part of the shared state, so all processes keep it. */
export type HeldBack = z.infer<typeof schema>;

const firstMs = 60_000;
/** A seat that nobody gives back is free after an hour. */
const longestMs = 15 * 60_000;

export function readHeldBack(state: Record<string, unknown> | null, owner: string): HeldBack | null {
  const parsed = schema.safeParse(state?.heldBack);
  return parsed.success && parsed.data.owner === owner ? parsed.data : null;
}

/** The wait after one more try that failed: each twice as long as the one before. */
export function holdBack(before: HeldBack | null, why: SignInHeldBack, owner: string, now: number): HeldBack {
  const tries = (before?.tries ?? 0) + 1;
  const waitMs = Math.min(longestMs, firstMs * 2 ** (tries - 1));
  return { tries, until: now + Math.max(waitMs, why.retryAfterMs ?? 0), owner, message: why.message };
}

export function heldBackError({ message, until }: HeldBack, now: number, cause?: unknown): RetryableError {
  const retryAfterMs = Math.max(1_000, until - now);
  const minutes = Math.max(1, Math.round(retryAfterMs / 60_000));
  return new RetryableError(
    `${message} Signing in is tried again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    {
      retryAfterMs,
      cause,
    },
  );
}
