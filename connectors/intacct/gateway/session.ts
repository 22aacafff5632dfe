import { z } from 'zod';
import { RetryableError } from '../../../app/domain/errors.ts';
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
  /** Ids of late, to be kept out of messages. */
  secrets(): string[];
}

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
    let outcome: Session | null = null;
    await state.change(async (current) => {
      const known = parse(current);
      if (known !== null && usable(known, dead)) {
        outcome = known;
        return current;
      }
      outcome = { ...(await open(signal)), owner };
      return { ...current, session: outcome };
    });
    if (outcome === null) throw new RetryableError('The session of the connection could not be stored.');
    return hold(outcome);
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
    secrets: () => recent,
  };
}
