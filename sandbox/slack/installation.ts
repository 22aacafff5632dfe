import { nowMs } from './clock.ts';
import { SlackError } from './errors.ts';
import { newSecret } from './ids.ts';

export interface Token {
  value: string;
  kind: 'bot' | 'user';
  userId: string;
  /** Shared by all bot tokens, so a re-install adds to it. */
  scopes: Set<string>;
  state: 'active' | 'token_revoked' | 'account_inactive';
  /** Milliseconds since the epoch; null for tokens that do not rotate. */
  expiresAtMs: number | null;
}

interface RefreshToken {
  usedAtMs: number | null;
}

const rotationMs = 12 * 3600 * 1000;
const refreshGraceMs = 60_000;

/** The app in this workspace: whether it is installed, its bot and its tokens. */
export class Installation {
  installed = false;
  /** Whole seconds since the epoch. */
  installedAt = 0;
  readonly botUserId: string;
  readonly botId: string;
  readonly tokenRotation: boolean;
  botScopes = new Set<string>();
  /** How often a refresh token was spent. */
  refreshes = 0;
  readonly #tokens = new Map<string, Token>();
  readonly #refreshTokens = new Map<string, RefreshToken>();

  constructor(options: { botUserId: string; botId: string; tokenRotation: boolean }) {
    this.botUserId = options.botUserId;
    this.botId = options.botId;
    this.tokenRotation = options.tokenRotation;
  }

  /** Adds scopes; gives the token in use, or a new one after an uninstall or with rotation. */
  install(scopes: string[]): Token {
    if (!this.installed) this.botScopes = new Set();
    for (const scope of scopes) this.botScopes.add(scope);
    this.installed = true;
    this.installedAt = Math.floor(nowMs() / 1000);
    const current = this.botToken();
    return current && !this.tokenRotation ? current : this.#issueBotToken();
  }

  #issueBotToken(): Token {
    const active = [...this.#tokens.values()].filter((token) => token.kind === 'bot' && token.state === 'active');
    for (const old of active.slice(0, -1)) old.state = 'token_revoked';
    const prefix = this.tokenRotation ? 'xoxe.xoxb-1-' : 'xoxb-';
    const token: Token = {
      value: `${prefix}${newSecret(24)}`,
      kind: 'bot',
      userId: this.botUserId,
      scopes: this.botScopes,
      state: 'active',
      expiresAtMs: this.tokenRotation ? nowMs() + rotationMs : null,
    };
    this.#tokens.set(token.value, token);
    return token;
  }

  issueUserToken(userId: string, scopes: string[]): Token {
    const token: Token = {
      value: `xoxp-${newSecret(24)}`,
      kind: 'user',
      userId,
      scopes: new Set(scopes),
      state: 'active',
      expiresAtMs: null,
    };
    this.#tokens.set(token.value, token);
    return token;
  }

  issueRefreshToken(): string {
    const value = `xoxe-1-${newSecret(24)}`;
    this.#refreshTokens.set(value, { usedAtMs: null });
    return value;
  }

  /** A refresh token works once, with a minute's grace for a lost answer. */
  refresh(value: string): Token {
    const refreshToken = this.#refreshTokens.get(value);
    if (!refreshToken || !this.installed) throw new SlackError('invalid_refresh_token');
    const late = refreshToken.usedAtMs !== null && nowMs() - refreshToken.usedAtMs > refreshGraceMs;
    if (late) throw new SlackError('invalid_refresh_token');
    refreshToken.usedAtMs ??= nowMs();
    this.refreshes += 1;
    return this.#issueBotToken();
  }

  /** The newest bot token that still works. */
  botToken(): Token | undefined {
    return [...this.#tokens.values()].findLast((token) => token.kind === 'bot' && token.state === 'active');
  }

  /** The token behind a request; throws not_authed, invalid_auth, token_revoked, account_inactive, token_expired. */
  authenticate(value: string | undefined): Token {
    if (!value) throw new SlackError('not_authed');
    const token = this.#tokens.get(value);
    if (!token) throw new SlackError('invalid_auth');
    if (token.state !== 'active') throw new SlackError(token.state);
    if (token.expiresAtMs !== null && token.expiresAtMs <= nowMs()) throw new SlackError('token_expired');
    return token;
  }

  /** Ends tokens; says whose they were, as `tokens_revoked` lists them. */
  revoke(tokens: Token[], state: 'token_revoked' | 'account_inactive'): { oauth: string[]; bot: string[] } {
    for (const token of tokens) token.state = state;
    const owners = (kind: Token['kind']) => [
      ...new Set(tokens.filter((token) => token.kind === kind).map((token) => token.userId)),
    ];
    return { oauth: owners('user'), bot: owners('bot') };
  }

  activeTokens(): Token[] {
    return [...this.#tokens.values()].filter((token) => token.state === 'active');
  }

  /** Makes the tokens in use run out now (rotation). */
  expireTokens(): void {
    for (const token of this.activeTokens()) token.expiresAtMs = nowMs();
  }

  /** After this the app is gone; tokens keep the state that `revoke` gave them. */
  remove(): void {
    this.installed = false;
    this.#refreshTokens.clear();
  }
}
