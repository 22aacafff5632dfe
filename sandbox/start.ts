import express from 'express';
import { type AcumaticaOptions, type AcumaticaSite, createAcumaticaSite } from './acumatica/index.ts';
import { tenantsRouter } from './acumatica/tenants.ts';
import { listen } from './http.ts';
import { createIntacctSite, type IntacctOptions, type IntacctSite } from './intacct/index.ts';
import { createPage } from './page/index.ts';
import { createSlackSite, type SlackOptions, type SlackWorkspace } from './slack/index.ts';

export interface Scenario {
  slack?: Omit<SlackOptions, 'baseUrl'>;
  acumatica?: Omit<AcumaticaOptions, 'baseUrl' | 'path'>;
  /** Further tenants of the Acumatica site, by their login names. */
  tenants?: Record<string, Omit<AcumaticaOptions, 'baseUrl' | 'path'>>;
  intacct?: Omit<IntacctOptions, 'baseUrl' | 'path'>;
  /** Whether bills arrive and age by themselves; default true. Intacct's clock runs only when told to. */
  clockRuns?: boolean;
}

export interface SandboxOptions {
  /** 0 (default) takes a free one. */
  port?: number | undefined;
  /** The interface to listen on; default 127.0.0.1. Addresses are published as http://localhost:PORT. */
  host?: string | undefined;
  /** Where the app answers, e.g. `http://localhost:3000`; Slack sends to `/slack/events` there. */
  appUrl?: string | undefined;
  scenario?: Scenario | undefined;
}

export interface Sandbox {
  url: string;
  slack: SlackWorkspace;
  acumatica: AcumaticaSite;
  /** Its further tenants, by the login names that they started with. */
  tenants: Record<string, AcumaticaSite>;
  intacct: IntacctSite;
  /** Base addresses and credentials, as plain data. */
  describe(): Record<string, unknown>;
  stop(): Promise<void>;
}

/** Starts a Slack workspace and the ERPs on one port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  let url = '';
  const requestUrl = options.appUrl ? new URL('/slack/events', options.appUrl).href : undefined;
  const slack = createSlackSite({ requestUrl, ...options.scenario?.slack, baseUrl: () => url });
  const acumatica = createAcumaticaSite({ ...options.scenario?.acumatica, baseUrl: () => url, path: '/AcumaticaERP' });
  const tenants = Object.fromEntries(
    Object.entries(options.scenario?.tenants ?? {}).map(([tenant, { settings, ...rest }]) => [
      tenant,
      createAcumaticaSite({
        ...rest,
        settings: { ...settings, tenant },
        baseUrl: () => url,
        path: '/AcumaticaERP',
      }),
    ]),
  );
  const intacct = createIntacctSite({ ...options.scenario?.intacct, baseUrl: () => url, path: '/intacct' });
  const app = express();
  app.disable('x-powered-by');
  const others = Object.values(tenants);
  app.use('/AcumaticaERP', others.length === 0 ? acumatica.router : tenantsRouter([acumatica, ...others]));
  app.use('/admin/acumatica', acumatica.admin);
  app.use('/intacct', intacct.router);
  app.use('/admin/intacct', intacct.admin);
  app.use(slack.router);
  app.use(createPage());
  const listening = await listen(app, options.port ?? 0, options.host ?? '127.0.0.1', (request, socket) =>
    slack.workspace.state.sockets.upgrade(request, socket),
  );
  url = `http://localhost:${listening.port}`;
  if (options.scenario?.clockRuns ?? true) acumatica.start();
  return {
    url,
    slack: slack.workspace,
    acumatica,
    tenants,
    intacct,
    describe: () => ({
      url,
      slack: slack.workspace.describe(),
      acumatica: acumatica.describe(),
      intacct: intacct.describe(),
      page: `${url}/`,
      admin: `${url}/admin`,
    }),
    stop: async () => {
      for (const site of [acumatica, ...others]) site.stop();
      intacct.stop();
      slack.workspace.close();
      await listening.close();
    },
  };
}
