import type { Installation } from '@slack/oauth';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import type { Knex } from 'knex';
import { ReconnectError, RetryableError } from '../domain/errors.ts';
import type { Settings } from '../settings.ts';
import type { Keyring } from '../storage/keyring.ts';
import { clientOptions } from './clients.ts';
import { fromSlack } from './errors.ts';

export interface FreshToken {
  token: string;
  refreshToken: string;
  /** Seconds since the epoch. */
  expiresAt: number;
}

/** Asks Slack for a new token. A refresh token works once; ReconnectError when it does not work any more. */
export type TokenRefresh = (refreshToken: string) => Promise<FreshToken>;

const spent = ['invalid_refresh_token', 'token_revoked', 'account_inactive', 'invalid_auth'];

export function createTokenRefresh(
  settings: Pick<Settings, 'slackClientId' | 'slackClientSecret' | 'slackApiUrl'>,
): TokenRefresh {
  const client = new WebClient(undefined, clientOptions(settings.slackApiUrl));
  return async (refreshToken) => {
    try {
      const answer = await client.oauth.v2.access({
        client_id: settings.slackClientId,
        client_secret: settings.slackClientSecret,
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      });
      if (!answer.access_token || !answer.refresh_token || !answer.expires_in)
        throw new RetryableError('Slack’s answer to the renewal of the access has no token.');
      return {
        token: answer.access_token,
        refreshToken: answer.refresh_token,
        expiresAt: Math.floor(Date.now() / 1_000) + answer.expires_in,
      };
    } catch (error) {
      if (error instanceof RetryableError) throw error;
      if (error instanceof WebAPIPlatformError && spent.includes(error.data.error)) {
        throw new ReconnectError('Slack does not renew the app’s access any more. Install the app again.', {
          cause: error,
        });
      }
      throw fromSlack(error, 'oauth.v2.access');
    }
  };
}

/** Seconds that the bot's token works for; without rotation it works until it is taken back. */
export function secondsLeft({ bot }: Installation, nowMs: number): number {
  return bot?.refreshToken && bot.expiresAt ? bot.expiresAt - nowMs / 1_000 : Number.POSITIVE_INFINITY;
}

/** From two hours before its end a token is renewed; Slack lets the one before work until then. */
export const renewAheadS = 7_200;

/**
 * Renews the token of an installation unless someone just did: the row stays locked while Slack is asked, so no two
 * processes ever spend one refresh token. The lock lets rows that refer to the installation be written meanwhile.
 */
export function renewToken(
  deps: { db: Knex; keyring: Keyring; refresh: TokenRefresh; now: () => number },
  id: string,
): Promise<Installation | undefined> {
  const { db, keyring, refresh, now } = deps;
  const identity = `installations:${id}:secret`;
  return db.transaction(async (trx) => {
    const row = await trx('installations').where({ id, state: 'active' }).forNoKeyUpdate().first('secret');
    if (!row) return undefined;
    const installation = JSON.parse(keyring.decrypt(row.secret, identity)) as Installation;
    const { bot } = installation;
    if (!bot?.refreshToken || secondsLeft(installation, now()) > renewAheadS) return installation;
    const renewed = { ...installation, bot: { ...bot, ...(await refresh(bot.refreshToken)) } };
    await trx('installations')
      .where({ id })
      .update({ secret: keyring.encrypt(JSON.stringify(renewed), identity) });
    return renewed;
  });
}
