/** What lets requests in: an access token with what renews it, or the cookies of a session. */
export interface Issued {
  pass: string;
  refreshToken: string | null;
  /** When it should be replaced, a little before it ends; ms since the epoch. */
  expiresAt: number;
}

/** One way of signing in. Errors are those of `app/domain/errors.ts`, and the two below. */
export interface SignIn {
  /** What it was issued for; what another one left behind in the shared state is not used. */
  owner: string;
  /** The field of ReconnectError when what was issued is not taken. */
  field: 'login' | 'consent' | 'account';
  /** Whether a person's consent is in what is stored: it outlives sessions and is never thrown away lightly. */
  isConsent: boolean;
  /** Renews `previous`, or signs in anew. */
  fetch(previous: Issued | null, signal: AbortSignal): Promise<Issued>;
  headers(pass: string): Record<string, string>;
  /** Closes the session behind it and so gives back its seat. */
  close(pass: string, signal: AbortSignal): Promise<void>;
  /** The parts of it that no message may show. */
  secretsOf(issued: Issued): string[];
}

/** Signing in met a limit, or may have taken a seat without saying so: all processes wait before the next try. */
export class SignInHeldBack extends Error {
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: ErrorOptions & { retryAfterMs?: number | undefined }) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What a person consented to is not taken any more, and never will be. */
export class ConsentEnded extends Error {}
