import { z } from 'zod';
import { ReconnectError, RetryableError } from '../../../app/domain/errors.ts';
import type { SharedState } from '../../connector.ts';

const sessionSchema = z.object({
  sessionId: z.string().min(1),
  endpoint: z.url(),
  /** Milliseconds since the epoch; null: used until it is refused. */
  expiresAt: z.number().nullable(),
  /** Fingerprint of what signed in. */
  owner: z.string(),
});

/** A session that all processes share, and where its calls go. */
export type Session = z.infer<typeof sessionSchema>;
export type Opened = Omit<Session, 'owner'>;

type State = Record<string, unknown> | null;

/** Not used to its last moment: a request takes its time. */
const marginMs = 30_000;
/** Its sliding end is told to the other processes once it has moved so far. */
const worthTellingMs = 10 * 60_000;

export interface Sessions {
  current(signal: AbortSignal): Promise<Session>;
  /** Another one than `dead`, which was refused. Whoever comes first opens it, the others take it over. */
  replace(dead: Session, signal: AbortSignal): Promise<Session>;
  /** Each call renews a session: it ends at `expiresAt` now. */
  renewed(session: Session, expiresAt: number): Promise<void>;
  /** No process uses it any more; the next call signs in anew. */
  forget(): Promise<void>;
  /** A sign-in that was refused may be tried again at once. */
  forgetRefusal(): Promise<void>;
  /** Ids of late, to be kept out of messages. */
  secrets(): string[];
}

const refusalSchema = z.object({ tries: z.number(), until: z.number(), owner: z.string(), message: z.string() });
const firstPauseMs = 4 * 60_000;
const longestPauseMs = 60 * 60_000;

/** Sessions of one sign-in, shared by all processes through its state so that one login serves them all. */
export function createSessions(
  { state, now }: { state: SharedState; now(): number },
  owner: string,
  open: (signal: AbortSignal) => Promise<Opened>,
): Sessions {
  let held: Session | null = null;
  let toldUntil = 0;
  let recent: string[] = [];

  const parse = (current: Record<string, unknown> | null): Session | null => {
    const parsed = sessionSchema.safeParse(current?.session);
    return parsed.success && parsed.data.owner === owner ? parsed.data : null;
  };
  const usable = ({ sessionId, expiresAt }: Session, dead?: string): boolean =>
    sessionId !== dead && (expiresAt === null || expiresAt - marginMs > now());
  const hold = (session: Session): Session => {
    held = session;
    toldUntil = session.expiresAt ?? 0;
    recent = [...new Set([session.sessionId, ...recent])].slice(0, 8);
    return session;
  };

  async function obtain(signal: AbortSignal, dead?: string): Promise<Session> {
    signal.throwIfAborted();
    const stored = parse(await state.read());
    if (stored !== null && usable(stored, dead)) return hold(stored);
    let outcome: Session | Error = new RetryableError('The session of the connection could not be stored.');
    await state.change(async (current) => {
      const known = parse(current);
      if (known !== null && usable(known, dead)) {
        outcome = known;
        return current;
      }
      const renewed = await renew(current, signal);
      outcome = renewed.outcome;
      return renewed.next;
    });
    if (outcome instanceof Error) throw outcome;
    return hold(outcome);
  }

  const refusalOf = (current: State) => {
    const parsed = refusalSchema.safeParse(current?.refusal);
    return parsed.success && parsed.data.owner === owner ? parsed.data : null;
  };

  /** Signs in, unless it was refused a moment ago: enough refusals in a row lock a user out of Intacct. */
  async function renew(current: State, signal: AbortSignal): Promise<{ next: State; outcome: Session | Error }> {
    const before = refusalOf(current);
    if (before !== null && before.until > now())
      return { next: current, outcome: new ReconnectError(before.message, { field: 'login' }) };
    try {
      const outcome = { ...(await open(signal)), owner };
      const { refusal: _, ...rest } = current ?? {};
      return { next: { ...rest, session: outcome }, outcome };
    } catch (error) {
      if (!(error instanceof ReconnectError && error.field === 'login')) throw error;
      const tries = (before?.tries ?? 0) + 1;
      const until = now() + Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1));
      return { next: { ...current, refusal: { tries, until, owner, message: error.message } }, outcome: error };
    }
  }

  return {
    current: async (signal) => (held !== null && usable(held) ? held : obtain(signal)),
    replace: (dead, signal) => obtain(signal, dead.sessionId),
    async renewed({ sessionId }, expiresAt) {
      if (held?.sessionId !== sessionId) return;
      held = { ...held, expiresAt };
      if (expiresAt - toldUntil < worthTellingMs) return;
      toldUntil = expiresAt;
      await state.change(async (current) => {
        const stored = parse(current);
        return stored?.sessionId === sessionId ? { ...current, session: { ...stored, expiresAt } } : current;
      });
    },
    async forget() {
      held = null;
      await forgetSession(state);
    },
    async forgetRefusal() {
      if (refusalOf(await state.read()) === null) return;
      await state.change(async (current) => {
        const { refusal: _, ...rest } = current ?? {};
        return rest;
      });
    },
    secrets: () => recent,
  };
}

/** Intacct counts no seats, so a session ends by being forgotten: nobody else can name it. */
export async function forgetSession(state: SharedState): Promise<void> {
  await state.change(async (current) => {
    const { session: _, ...rest } = current ?? {};
    return current === null ? null : rest;
  });
}
