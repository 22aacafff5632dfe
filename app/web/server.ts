import { createServer, type IncomingMessage, type Server } from 'node:http';
import { App, type Receiver, type ReceiverEvent } from '@slack/bolt';
import type { Logger } from 'winston';
import { connectorById, connectors } from '../../connectors/index.ts';
import { registerListeners } from '../../listeners/index.ts';
import { createTypedLogins } from '../accounts/typed.ts';
import { createErpHttp } from '../outbound/erp-http.ts';
import { erpHttpOptions } from '../outbound/from-settings.ts';
import { createWorkspaceRoles } from '../people/slack-roles.ts';
import type { Settings } from '../settings.ts';
import { createConnectionSetup } from '../setup/connection-setup.ts';
import { clientOptions, createClients } from '../slack/clients.ts';
import { createDirectory } from '../slack/directory.ts';
import { createAuthorize } from '../slack/install-authorize.ts';
import { createTokenRefresh } from '../slack/install-tokens.ts';
import { createInstallations } from '../slack/installations.ts';
import { timeZoneOf } from '../slack/time-zone.ts';
import { openDatabase } from '../storage/database.ts';
import { createKeyring } from '../storage/keyring.ts';
import { boltLogger } from './bolt-logger.ts';
import { erpConsentRoutes } from './erp-consent.ts';
import { type Health, healthRoutes } from './health.ts';
import { answer, createHttpReceiver, notHere } from './http-receiver.ts';
import { pushRoute } from './push-route.ts';
import { createSockets } from './sockets.ts';

export interface Web {
  port: number;
  /** Takes no more requests and waits for those under way. */
  stop(): Promise<void>;
}

const maxClockSkewS = 300;
/** Trying out a connection takes no longer than this. */
const longestTestMs = 60_000;

/** What Slack and people's browsers reach: events and interactions, the install link, health. Does nothing slow itself. */
export async function startWeb(settings: Settings, url: string, log: Logger, health: Health): Promise<Web> {
  const db = openDatabase(url, { max: 10, applicationName: 'countersign web' });
  const keyring = createKeyring(settings.encryptionKeys);
  const installations = createInstallations(db, keyring, Date.now, { refresh: createTokenRefresh(settings), log });
  const logger = boltLogger(log);
  const { slackApiUrl, slackAppToken: appToken } = settings;
  const sockets = appToken ? createSockets({ appToken, slackApiUrl, logger, log }) : undefined;
  const http = createErpHttp(erpHttpOptions(settings, log));
  const clients = createClients(installations, slackApiUrl);
  const roles = createWorkspaceRoles(clients);
  const { publicUrl, slackStateSecret: stateSecret } = settings;
  const routes = [
    ...healthRoutes(db, { ...health, ...(sockets ? { socketsOpen: sockets.open } : {}) }),
    ...(publicUrl ? erpConsentRoutes({ db, keyring, http, connectorById, publicUrl, stateSecret, roles, log }) : []),
    pushRoute({ db, keyring, connectors, log }),
  ];
  const receiver = createHttpReceiver({ settings, installations, routes, logger, log });
  const app = new App({
    receiver: withoutRateLimitNotices(sockets ?? receiver, log),
    authorize: createAuthorize(installations),
    clientOptions: clientOptions(slackApiUrl),
    convoStore: false,
    logger,
  });
  app.error(async (error) => {
    log.error('a request from Slack was not carried out', { error });
    throw error;
  });

  const underWay = new Set<Promise<unknown>>();
  const later = (work: Promise<unknown>) => {
    const settled = work.catch((error) => log.warn('not told', { error })).finally(() => underWay.delete(settled));
    underWay.add(settled);
  };
  const { slashCommand } = settings;
  const longestMs = Math.min(longestTestMs, settings.erpTimeoutSeconds * 1_000);
  const setup = createConnectionSetup({
    ...{ db, keyring, http, connectors, roles, log, later, longestMs },
    timeZoneOf: (installationId, person) => timeZoneOf(clients, installationId, person),
  });
  registerListeners(app, {
    ...{ db, keyring, installations, log, later, roles, locales: roles, setup, slashCommand, publicUrl, connectorById },
    directory: createDirectory({ clients, db }),
    typedLogins: createTypedLogins({ db, keyring, http, connectorById, log }),
  });

  const server = createServer((request, response) => {
    if (isFromTheFuture(request)) return answer(response, 401, '');
    if (sockets && request.method === 'POST' && !isForAnErp(request)) return notHere(response);
    try {
      receiver.requestListener(request, response);
    } catch {
      notHere(response);
    }
  });
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  const port = await listen(server, settings.port, settings.host);
  log.info('listening', { port, ...(settings.publicUrl ? { install: `${settings.publicUrl}/slack/install` } : {}) });
  async function stop(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    setup.stop();
    await Promise.all([closed, sockets?.stop()]);
    while (underWay.size > 0) await Promise.all(underWay);
    await http.close();
    await installations.settled();
    await db.destroy();
  }
  try {
    await sockets?.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, stop };
}

/** What an ERP sends reaches the app over HTTP in Socket Mode too. */
function isForAnErp(request: IncomingMessage): boolean {
  return request.url?.startsWith('/erp/') ?? false;
}

/** Bolt refuses old time stamps only; one far ahead would stay valid for as long. */
function isFromTheFuture(request: IncomingMessage): boolean {
  const sent = Number(request.headers['x-slack-request-timestamp']);
  return sent > Date.now() / 1_000 + maxClockSkewS;
}

/** `app_rate_limited` has no event inside, so Bolt would leave it unanswered: acknowledge it and log it. */
function withoutRateLimitNotices(receiver: Receiver, log: Logger): Receiver {
  return {
    init(app) {
      receiver.init({
        processEvent: async (event: ReceiverEvent) => {
          if (event.body.type !== 'app_rate_limited') return app.processEvent(event);
          log.warn('Slack holds back events of a workspace for a minute', { team: event.body.team_id });
          await event.ack();
        },
      } as App);
    },
    start: () => receiver.start(),
    stop: () => receiver.stop(),
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken. Stop what uses it, or set PORT to another one.`)
          : error,
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
