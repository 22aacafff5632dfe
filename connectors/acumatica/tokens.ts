import { createHash } from 'node:crypto';
import { z } from 'zod';
import { RetryableError } from '../../app/domain/errors.ts';
import type { ConnectContext } from '../connector.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { createSignIn } from './sign-in.ts';
import type { Words } from './words.ts';

const tokenSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  expiresAt: z.number(),
  /** Fingerprint of the credentials that it was issued for. */
  owner: z.string(),
});
type Token = z.infer<typeof tokenSchema>;

export interface Tokens {
  current(signal: AbortSignal): Promise<string>;
  /** A token other than `dead`, which was refused. Whoever comes first fetches it, the others take it over. */
  replace(dead: string, signal: AbortSignal): Promise<string>;
  /** Forgets `dead` with its refresh token, so that the next call signs in with the password. */
  discard(dead: string): Promise<void>;
  /** Ends the session that all processes share and so gives back its seat. */
  signOut(signal: AbortSignal): Promise<void>;
  /** Token texts of late, to be kept out of messages. */
  secrets(): string[];
}

function ownerOf(credentials: AcumaticaCredentials): string {
  const { site, tenant, client_id, client_secret, username, password } = credentials;
  const parts = [site, tenant, client_id, client_secret, username, password];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** OAuth tokens of one connection, shared by all processes through its state so that one refresh serves them all. */
export function createTokens(context: ConnectContext<AcumaticaCredentials>, words: Words): Tokens {
  const { credentials, state, now } = context;
  const signIn = createSignIn(context, words);
  const owner = ownerOf(credentials);
  let held: Token | null = null;
  /** Token texts of late, the dead ones too: an error can still quote them. */
  let recent: string[] = [];

  const parse = (current: Record<string, unknown> | null): Token | null => {
    const parsed = tokenSchema.safeParse(current?.token);
    return parsed.success && parsed.data.owner === owner ? parsed.data : null;
  };
  const usable = (token: Token, dead?: string): boolean => token.accessToken !== dead && token.expiresAt > now();
  const hold = (token: Token): string => {
    held = token;
    recent = [...new Set([token.accessToken, token.refreshToken ?? '', ...recent])].filter(Boolean).slice(0, 8);
    return token.accessToken;
  };

  async function obtain(signal: AbortSignal, dead?: string): Promise<string> {
    const read = parse(await state.read());
    if (read !== null && usable(read, dead)) return hold(read);
    let obtained: Token | undefined;
    await state.change(async (current) => {
      const stored = parse(current);
      if (stored !== null && usable(stored, dead)) {
        obtained = stored;
        return current;
      }
      obtained = { ...(await signIn.fetchToken(stored?.refreshToken ?? null, signal)), owner };
      return { ...current, token: obtained };
    });
    if (obtained === undefined) throw new RetryableError('The token of the connection could not be stored.');
    return hold(obtained);
  }

  return {
    current: async (signal) => (held !== null && usable(held) ? held.accessToken : obtain(signal)),
    replace: (dead, signal) => obtain(signal, dead),
    async discard(dead) {
      held = null;
      await state.change(async (current) => {
        if (parse(current)?.accessToken !== dead) return current;
        const { token: _, ...rest } = current ?? {};
        return rest;
      });
    },
    async signOut(signal) {
      held = null;
      await state.change(async (current) => {
        const stored = parse(current);
        if (stored === null) return current;
        await signIn.closeSession(stored.accessToken, signal);
        const { token: _, ...rest } = current ?? {};
        return rest;
      });
    },
    secrets: () => recent,
  };
}
