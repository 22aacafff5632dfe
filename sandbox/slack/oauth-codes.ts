import { nowMs } from './clock.ts';
import { SlackError } from './errors.ts';
import { newSecret } from './ids.ts';

interface Grant {
  scopes: string[];
  userScopes: string[];
  redirectUri: string | null;
  userId: string;
  issuedAtMs: number;
  used: boolean;
}

const codeLifeMs = 10 * 60_000;

/** The codes that the consent page gives out: single use, ten minutes. */
export class Authorizations {
  readonly #grants = new Map<string, Grant>();

  issue(grant: Omit<Grant, 'issuedAtMs' | 'used'>): string {
    const code = `${newSecret(9)}.${newSecret(9)}.${newSecret(32)}`;
    this.#grants.set(code, { ...grant, issuedAtMs: nowMs(), used: false });
    return code;
  }

  /** Throws invalid_code, code_already_used or bad_redirect_uri. */
  redeem(code: string | undefined, redirectUri: string | undefined): Grant {
    const grant = this.#grants.get(code ?? '');
    if (!grant || nowMs() - grant.issuedAtMs > codeLifeMs) throw new SlackError('invalid_code');
    if (grant.used) throw new SlackError('code_already_used');
    if (grant.redirectUri !== null && grant.redirectUri !== redirectUri) throw new SlackError('bad_redirect_uri');
    if (grant.redirectUri === null && redirectUri !== undefined) throw new SlackError('bad_redirect_uri');
    grant.used = true;
    return grant;
  }
}
