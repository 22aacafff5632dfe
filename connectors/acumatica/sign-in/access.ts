import { z } from 'zod';
import { ReconnectError, RetryableError } from '../../../app/domain/errors.ts';
import type { SharedState } from '../../connector.ts';
import { type HeldBack, heldBackError, holdBack, readHeldBack } from './held-back.ts';
import { ConsentEnded, type Issued, type SignIn, SignInHeldBack } from './sign-in.ts';

const tokenSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  expiresAt: z.number(),
  /** Fingerprint of the credentials that it was issued for. */
  owner: z.string(),
});

/** Being let in: by one way of signing in, with what all processes share. */
export interface Access {
  /** The field of ReconnectError when the ERP takes it no more. */
  field: SignIn['field'];
  /** What the headers of a request need; an access token or cookies. */
  current(signal: AbortSignal): Promise<string>;
  headers(pass: string): Record<string, string>;
  /** Another one than `dead`, which was refused. Whoever comes first fetches it, the others take it over. */
  replace(dead: string, signal: AbortSignal): Promise<string>;
  /** Forgets `dead`, so that the next call signs in anew; a consent is kept. */
  discard(dead: string): Promise<void>;
  /** Ends the session that all processes share and so gives back its seat. */
  signOut(signal: AbortSignal): Promise<void>;
  /** Passes of late, to be kept out of messages. */
  secrets(): string[];
}

type State = Record<string, unknown> | null;

/** What was issued, as it is kept in the shared state. */
export function storedForm({ pass, ...rest }: Issued, owner: string): z.infer<typeof tokenSchema> {
  return { accessToken: pass, ...rest, owner };
}

/** Sign-ins of one connection or account, shared by all processes through its state so that one serves them all. */
export function createAccess({ state, now }: { state: SharedState; now(): number }, signIn: SignIn): Access {
  const { owner } = signIn;
  let held: Issued | null = null;
  /** The dead ones too: an error can still quote them. */
  let recent: string[] = [];

  const parse = (current: State): Issued | null => {
    const parsed = tokenSchema.safeParse(current?.token);
    if (!parsed.success || parsed.data.owner !== owner) return null;
    const { accessToken: pass, refreshToken, expiresAt } = parsed.data;
    return { pass, refreshToken, expiresAt };
  };
  const usable = (issued: Issued, dead?: string): boolean => issued.pass !== dead && issued.expiresAt > now();
  const hold = (issued: Issued): string => {
    held = issued;
    recent = [...new Set([...signIn.secretsOf(issued), ...recent])].slice(0, 8);
    return issued.pass;
  };

  /** Renews in `current`, or says why not; what all processes have to know is in the state that comes back. */
  async function renew(current: State, signal: AbortSignal): Promise<{ next: State; outcome: Issued | Error }> {
    const stored = parse(current);
    const before = readHeldBack(current, owner);
    if (before !== null && before.until > now()) return { next: current, outcome: heldBackError(before, now()) };
    try {
      const outcome = await signIn.fetch(stored, signal);
      const { heldBack: _, ...rest } = current ?? {};
      return { next: { ...rest, token: storedForm(outcome, owner) }, outcome };
    } catch (error) {
      if (error instanceof SignInHeldBack) {
        const heldBack: HeldBack = holdBack(before, error, owner, now());
        return { next: { ...current, heldBack }, outcome: heldBackError(heldBack, now(), error.cause) };
      }
      if (!(error instanceof ConsentEnded)) throw error;
      const token = { accessToken: '', refreshToken: null, expiresAt: 0, owner };
      return { next: { ...current, token }, outcome: new ReconnectError(error.message, { field: signIn.field }) };
    }
  }

  async function obtain(signal: AbortSignal, dead?: string): Promise<string> {
    const read = parse(await state.read());
    if (read !== null && usable(read, dead)) return hold(read);
    let outcome: Issued | Error = new RetryableError('The sign-in of the connection could not be stored.');
    await state.change(async (current) => {
      const stored = parse(current);
      if (stored !== null && usable(stored, dead)) {
        outcome = stored;
        return current;
      }
      const renewed = await renew(current, signal);
      outcome = renewed.outcome;
      return renewed.next;
    });
    if (outcome instanceof Error) throw outcome;
    return hold(outcome);
  }

  return {
    field: signIn.field,
    headers: signIn.headers,
    current: async (signal) => (held !== null && usable(held) ? held.pass : obtain(signal)),
    replace: (dead, signal) => obtain(signal, dead),
    async discard(dead) {
      held = null;
      await state.change(async (current) => {
        const stored = parse(current);
        return stored?.pass === dead ? without(current, stored) : current;
      });
    },
    async signOut(signal) {
      held = null;
      await state.change(async (current) => {
        const stored = parse(current);
        if (stored === null || stored.pass === '') return current;
        await signIn.close(stored.pass, signal);
        return signIn.isConsent ? current : without(current, stored);
      });
    },
    secrets: () => recent,
  };

  function without(current: State, stored: Issued): State {
    const { token: _, ...rest } = current ?? {};
    return signIn.isConsent ? { ...rest, token: storedForm({ ...stored, expiresAt: 0 }, owner) } : rest;
  }
}
