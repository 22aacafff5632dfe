import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { ReconnectError } from '../domain/errors.ts';
import type { Installations } from './installations.ts';

const nothing = () => undefined;
/** The client's own lines go past our log, and what they say is in the errors that it throws. */
const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

/** How the app talks to Slack: one try, a time-out, no hidden retries (a lost answer must not become a second post). */
export function clientOptions(slackApiUrl: string): WebClientOptions {
  return { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 10_000, logger: silent };
}

export interface Clients {
  /** The client of an installation; ReconnectError when it is uninstalled or its token revoked. */
  of(installationId: string): Promise<WebClient>;
}

export function createClients(installations: Installations, slackApiUrl: string): Clients {
  const clients = new Map<string, WebClient>();
  return {
    async of(installationId) {
      const token = await installations.botToken(installationId);
      if (!token) throw new ReconnectError('The app is not installed in this workspace any more. Install it again.');
      const known = clients.get(installationId);
      if (known?.token === token) return known;
      const client = new WebClient(token, clientOptions(slackApiUrl));
      clients.set(installationId, client);
      return client;
    },
  };
}
