import express from 'express';
import { type AcumaticaSite, createAcumaticaSite, type SettingsChange } from '../../sandbox/acumatica/index.ts';
import { startHttp } from '../outbound/servers.ts';

export interface RunningSite {
  site: AcumaticaSite;
  /** The address of the site, and what its service user enters to connect to it. */
  url: string;
  credentials: Record<string, unknown>;
  /** Path and query of every request, oldest first. */
  asked: string[];
  requests(kind: string): number;
  close(): Promise<void>;
}

/** A simulated site on a free port; its clock stands, so that only tests change bills. */
export async function startSite(
  options: { seedBills?: number; seedOthers?: boolean; settings?: SettingsChange; now?: () => number } = {},
): Promise<RunningSite> {
  const app = express();
  const asked: string[] = [];
  app.use((request, _response, next) => {
    asked.push(`${request.method} ${decodeURIComponent(request.originalUrl)}`);
    next();
  });
  const server = await startHttp(app);
  const { settings, ...rest } = options;
  const site = createAcumaticaSite({
    baseUrl: () => server.url,
    path: '/AcumaticaERP',
    ...rest,
    settings: {
      operationMs: { ReleaseBill: 60, ReleaseCheck: 60, ReleasePayment: 60, ReleaseJournalTransaction: 60 },
      ...settings,
    },
  });
  app.use('/AcumaticaERP', site.router);
  const { url, tenant, clientId, clientSecret, users } = site.describe();
  const user = users.find(({ role }) => role === 'service');
  return {
    site,
    url,
    credentials: {
      site: url,
      tenant,
      client_id: clientId,
      client_secret: clientSecret,
      username: user?.username,
      password: user?.password,
    },
    asked,
    requests: (kind) => site.counters.requests[kind] ?? 0,
    async close() {
      site.stop();
      await server.close();
    },
  };
}
