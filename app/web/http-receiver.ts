import type { ServerResponse } from 'node:http';
import { type Logger as BoltLogger, type CustomRoute, HTTPReceiver, type HTTPReceiverOptions } from '@slack/bolt';
import type { InstallationStore } from '@slack/oauth';
import type { Logger } from 'winston';
import type { Settings } from '../settings.ts';
import { clientOptions } from '../slack/clients.ts';
import { scopes } from '../slack/scopes.ts';
import { renderNoInstallPage } from './install-page.ts';
import { installPages } from './installer.ts';
import { pageHeaders } from './page.ts';

const maxBodyBytes = 1_000_000;

/** What is served over HTTP: Slack's requests, the installation, and our own routes. */
export function createHttpReceiver(options: {
  settings: Settings;
  installations: InstallationStore;
  routes: CustomRoute[];
  logger: BoltLogger;
  log: Logger;
}): HTTPReceiver {
  const { settings, installations, routes, logger, log } = options;
  return new HTTPReceiver({
    signingSecret: settings.slackSigningSecret,
    ...installation(settings, installations, log),
    // The answer is sent when the listener has stored what came: nothing is acknowledged that could still be lost.
    processBeforeResponse: true,
    bodyLimit: maxBodyBytes,
    logger,
    customRoutes: settings.publicUrl ? routes : [...routes, noInstallRoute],
    dispatchErrorHandler: ({ response }) => notHere(response),
  });
}

function installation(settings: Settings, installations: InstallationStore, log: Logger): Partial<HTTPReceiverOptions> {
  if (!settings.publicUrl) return {};
  return {
    clientId: settings.slackClientId,
    clientSecret: settings.slackClientSecret,
    stateSecret: settings.slackStateSecret,
    scopes: Object.keys(scopes),
    installationStore: installations,
    redirectUri: `${settings.publicUrl}/slack/oauth_redirect`,
    installerOptions: {
      redirectUriPath: '/slack/oauth_redirect',
      authorizationUrl: settings.slackAuthorizeUrl,
      clientOptions: clientOptions(settings.slackApiUrl),
      ...installPages(log),
    },
  };
}

const noInstallRoute: CustomRoute = {
  path: '/slack/install',
  method: 'GET',
  handler: (_request, response) => response.writeHead(503, pageHeaders).end(renderNoInstallPage()),
};

export function notHere(response: ServerResponse): void {
  answer(response, 404, 'Nothing is here. The app is installed at /slack/install.');
}

export function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
