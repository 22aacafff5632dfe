import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Settings } from '../settings.ts';
import type { User } from '../users.ts';

/** What a user allowed once; its refresh tokens form one family. Times are ms since the epoch. */
export interface Grant {
  readonly id: string;
  readonly user: User;
  readonly scopes: readonly string[];
  readonly refreshUntil: number;
  refreshToken: string | null;
  revoked: boolean;
}

export interface AccessToken {
  grant: Grant;
  expiresAt: number;
}

export interface Code {
  user: User;
  scopes: readonly string[];
  redirectUri: string;
  challenge: { method: string; value: string } | null;
  expiresAt: number;
}

const dayMs = 86_400_000;
const codeMs = 300_000;

/** A refusal of the token endpoint, by its OAuth code. */
export class OAuthError extends Error {
  readonly code: string;
  readonly deadRefresh: boolean;

  constructor(code: string, description: string, deadRefresh = false) {
    super(description);
    this.name = 'OAuthError';
    this.code = code;
    this.deadRefresh = deadRefresh;
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Tokens and codes handed out by the site. */
export class Grants {
  readonly #settings: Settings;
  readonly #now: () => number;
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, Grant>();
  readonly #codes = new Map<string, Code>();
  issued = 0;
  refreshed = 0;
  killedFamilies = 0;

  constructor(settings: Settings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** A new grant with its first tokens. Throws OAuthError. */
  grant(user: User, scopes: readonly string[]): { accessToken: string; grant: Grant } {
    if (scopes.includes('offline_access') && this.#settings.refreshTokens === 'none') {
      throw new OAuthError('invalid_scope', 'offline_access is not allowed for this application');
    }
    const refreshUntil = this.#now() + this.#settings.refreshTokenDays * dayMs;
    const grant: Grant = { id: randomUUID(), user, scopes, refreshUntil, refreshToken: null, revoked: false };
    return { accessToken: this.#issue(grant), grant };
  }

  /** Rotates: the old token is dead at once, and using it again kills the whole family. Throws OAuthError. */
  refresh(token: string): { accessToken: string; grant: Grant } {
    const grant = this.#refresh.get(token);
    if (!grant || grant.revoked || grant.refreshUntil <= this.#now()) {
      throw new OAuthError('invalid_grant', 'the refresh token is not valid', true);
    }
    if (grant.refreshToken !== token) {
      this.#revoke(grant);
      this.killedFamilies += 1;
      throw new OAuthError('invalid_grant', 'the refresh token was used before', true);
    }
    this.refreshed += 1;
    return { accessToken: this.#issue(grant), grant };
  }

  /** The live access token, or undefined. */
  access(token: string): AccessToken | undefined {
    const found = this.#access.get(token);
    if (found && !found.grant.revoked && found.expiresAt > this.#now()) return found;
    this.#access.delete(token);
    return undefined;
  }

  code(fields: Omit<Code, 'expiresAt'>): string {
    const code = secret();
    this.#codes.set(code, { ...fields, expiresAt: this.#now() + codeMs });
    return code;
  }

  /** Trades a code, once. Throws OAuthError. */
  redeem(code: string, redirectUri: string | null, verifier: string | null) {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    const fail = (why: string) => new OAuthError('invalid_grant', why);
    if (!found || found.expiresAt <= this.#now()) throw fail('the code is not valid');
    if (found.redirectUri !== redirectUri) throw fail('redirect_uri is not the one of the authorization request');
    if (found.challenge) {
      const { method, value } = found.challenge;
      const answer =
        method === 'S256'
          ? createHash('sha256')
              .update(verifier ?? '')
              .digest('base64url')
          : verifier;
      if (answer !== value) throw fail('code_verifier does not match');
    }
    return this.grant(found.user, found.scopes);
  }

  /** Ends every access token now, as if an hour had passed. */
  expireAccess(): void {
    this.#access.clear();
  }

  /** What removing the app's rights does: nothing handed out works any more. */
  revokeAll(): void {
    for (const grant of this.#refresh.values()) this.#revoke(grant);
    this.#access.clear();
    this.#refresh.clear();
  }

  #revoke(grant: Grant): void {
    grant.revoked = true;
  }

  #issue(grant: Grant): string {
    const accessToken = secret();
    this.#access.set(accessToken, { grant, expiresAt: this.#now() + this.#settings.expiresInSeconds * 1000 });
    if (grant.scopes.includes('offline_access')) {
      grant.refreshToken = secret();
      this.#refresh.set(grant.refreshToken, grant);
    }
    this.issued += 1;
    return accessToken;
  }
}
