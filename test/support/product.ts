import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { Writable } from 'node:stream';
import type { DocumentKind } from '../../app/domain/document.ts';
import { type Jobs, startJobs } from '../../app/jobs/jobs.ts';
import { createLog } from '../../app/log.ts';
import { readSettings, type Settings } from '../../app/settings.ts';
import type { Database } from '../../app/storage/database.ts';
import { startWeb, type Web } from '../../app/web/server.ts';
import { install } from '../../demo/install.ts';
import manifest from '../../manifest.json' with { type: 'json' };
import { type Sandbox, type Scenario, startSandbox } from '../../sandbox/start.ts';
import { type FreshDatabase, freshDatabase, testKeyring, testKeys } from './database.ts';
import { waitUntil } from './wait.ts';

export interface RouteGiven {
  name?: string;
  /** `bill` unless given. */
  kind?: DocumentKind;
  channel?: string;
  conditions?: Record<string, unknown>;
  deciders?: unknown[];
  actions?: string[];
  burst?: number;
  /** A cron expression: the route gathers its documents into digests. */
  digest?: string;
  act_as?: 'person' | 'person_or_service' | 'service';
  custom_fields?: string[];
}

export interface ProductOptions {
  scenario?: Scenario;
  settings?: Record<string, string>;
  routes?: RouteGiven[];
  cadence?: string;
  /** What is read; bills unless given. */
  kinds?: DocumentKind[];
  credentials?: Record<string, unknown>;
  /** Whether the ERP's people are matched; else they count as matched, so that no request comes between. */
  people?: boolean;
  /** Whether the vendors' payment data are read; else they count as read, so that no request comes between. */
  parties?: boolean;
  /** Another way to the same database. */
  databaseUrl?: (url: string) => Promise<string>;
  /** False: nothing is installed and set up yet. */
  setUp?: boolean;
}

/** The whole product in this process: sandbox, database, web and jobs, over real HTTP. */
export interface Product {
  sandbox: Sandbox;
  database: FreshDatabase;
  settings: Settings;
  appUrl: string;
  connectionId: string;
  logLines: string[];
  /** Stops web and jobs as SIGTERM does. */
  stopApp(): Promise<void>;
  startApp(): Promise<void>;
  /** Reads the feed now instead of at its next tick. */
  readNow(): Promise<void>;
  /** The card of a bill as Slack has it, once it is there and `accept` likes it. */
  card(
    reference: string,
    accept?: (message: CardMessage) => boolean,
    options?: { channel?: string; user?: string; timeoutMs?: number },
  ): Promise<CardMessage>;
  thread(card: CardMessage, accept?: (texts: string[]) => boolean): Promise<string[]>;
  click(
    card: CardMessage,
    action: string,
    user?: string,
  ): Promise<{ acked: boolean; status: number | null; ms: number }>;
  stop(): Promise<void>;
}

export type CardMessage = {
  ts: string;
  text: string;
  blocks?: unknown[];
  ephemeral?: boolean;
  channel: string;
  pinged: string[];
  thread_ts?: string;
};

export const people = {
  director: 'U0FINDIR01',
  controller: 'U0CTRLLR02',
  clerk: 'U0APCLRK03',
  buyer: 'U0BUYER005',
  admin: 'U0ADMIN006',
};
export const channels = { approvals: 'C0APAPPROV', large: 'C0LARGEPAY', treasury: 'C0TREASURY' };

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const { slack, acumatica, ...rest } = options.scenario ?? {};
  const sandbox = await startSandbox({
    scenario: {
      clockRuns: false,
      ...rest,
      slack: {
        botEvents: manifest.settings.event_subscriptions.bot_events,
        // The ERP is on this machine.
        unfurlDomains: ['localhost'],
        ...slack,
      },
      acumatica: { seedBills: 0, ...acumatica },
    },
  });
  const database = await freshDatabase();
  const url = (await options.databaseUrl?.(database.url)) ?? database.url;
  const about = sandbox.slack.describe();
  const logLines: string[] = [];
  const log = createLog({
    level: 'debug',
    format: 'text',
    stream: linesInto(logLines),
  });
  const settings = readSettings({
    SLACK_CLIENT_ID: about.clientId,
    SLACK_CLIENT_SECRET: about.clientSecret,
    SLACK_SIGNING_SECRET: about.signingSecret,
    SLACK_STATE_SECRET: 'a-state-secret-for-tests-only',
    SLACK_API_URL: `${sandbox.url}/api/`,
    SLACK_AUTHORIZE_URL: `${sandbox.url}/oauth/v2/authorize`,
    ENCRYPTION_KEYS: testKeys,
    PUBLIC_URL: 'http://localhost:1',
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    LEASE_SECONDS: '3',
    SWEEP_SECONDS: '2',
    LOG_LEVEL: 'debug',
    ...options.settings,
  });
  let web: Web | undefined;
  let jobs: Jobs | undefined;

  const product: Product = {
    sandbox,
    database,
    settings,
    appUrl: '',
    connectionId: '',
    logLines,
    async startApp() {
      // The public address names the port, so a first server finds a free one.
      const port = product.appUrl ? Number(new URL(product.appUrl).port) : await freePort();
      product.appUrl = `http://localhost:${port}`;
      const here = { ...settings, port, publicUrl: product.appUrl };
      jobs = await startJobs(here, url, log);
      web = await startWeb(here, url, log, { jobsRunning: () => jobs !== undefined });
      // In Socket Mode the app is not reached at an address.
      if (!settings.slackAppToken)
        await sandbox.slack.setRequestUrl(`${product.appUrl}/slack/events`, { verify: true });
    },
    async stopApp() {
      await Promise.all([web?.stop(), jobs?.stop()]);
      web = undefined;
      jobs = undefined;
    },
    async readNow() {
      await database.db.raw(`update feeds set next_attempt_at = null where attempts > 0`);
      await database.db.raw(
        `select graphile_worker.add_job('read-feed', json_build_object('id', id::text), job_key := 'read-feed:' || id) from feeds`,
      );
    },
    async card(
      reference,
      accept = () => true,
      { channel = channels.approvals, user = people.director, timeoutMs = 10_000 } = {},
    ) {
      return waitUntil(
        () => {
          const messages = sandbox.slack.visibleMessages(channel, user) as unknown as CardMessage[];
          const found = messages.find(
            (message) => !message.ephemeral && message.text.includes(reference) && accept({ ...message, channel }),
          );
          return found && { ...found, channel };
        },
        { what: () => `the card of ${reference}; the log says:\n${logLines.slice(-25).join('')}`, timeoutMs },
      );
    },
    async thread(card, accept = (texts) => texts.length > 0) {
      return waitUntil(
        () => {
          const replies = sandbox.slack.visibleMessages(
            card.channel,
            people.director,
            card.ts,
          ) as unknown as CardMessage[];
          const texts = replies.filter((message) => message.ts !== card.ts).map((message) => message.text);
          return accept(texts) ? texts : undefined;
        },
        { what: () => `the thread of ${card.text}; the log says:\n${logLines.slice(-25).join('')}` },
      );
    },
    click: async (card, action, user = people.director) =>
      sandbox.slack.click({ user, channel: card.channel, messageTs: card.ts, actionId: action }) as never,
    async stop() {
      await product.stopApp();
      await sandbox.stop();
      await database.drop();
    },
  };

  try {
    await product.startApp();
    if (options.setUp ?? true) {
      await install(product.appUrl);
      product.connectionId = await connectTreasury(database.db, sandbox, options);
    }
    return product;
  } catch (error) {
    await product.stop();
    throw error;
  }
}

function linesInto(lines: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** One Acumatica connection with its routes, as `apply` would leave them. */
export async function connectTreasury(
  db: Database,
  sandbox: Sandbox,
  options: Pick<ProductOptions, 'routes' | 'cadence' | 'credentials' | 'people' | 'parties' | 'kinds'> & {
    name?: string;
  } = {},
): Promise<string> {
  const site = sandbox.acumatica.describe();
  const service = site.users.find((user) => user.role === 'service');
  const installation = await db('installations').first('id');
  const id = randomUUID();
  const { password = service?.password, account_client_secret, ...given } = options.credentials ?? {};
  const secret = { client_secret: site.clientSecret, password, account_client_secret };
  await db('connections').insert({
    id,
    installation_id: installation.id,
    name: options.name ?? 'treasury',
    connector: 'acumatica',
    time_zone: 'Europe/London',
    settings: JSON.stringify({
      site: site.url,
      tenant: site.tenant,
      client_id: site.clientId,
      username: service?.username,
      ...given,
    }),
    secret: testKeyring().encrypt(JSON.stringify(secret), `connections:${id}:secret`),
  });
  if (!options.people) {
    await db('people_runs')
      .insert({ connection_id: id, offered: false, matched_at: new Date('2100-01-01') })
      .onConflict('connection_id')
      .merge();
  }
  if (!options.parties) {
    const never = testKeyring().encrypt(Buffer.alloc(32).toString('base64'), `party_readings:${id}:secret`);
    await db('party_readings')
      .insert({ id, secret: never, read_at: new Date('2100-01-01') })
      .onConflict('id')
      .merge();
  }
  await db('routes').insert(
    (options.routes ?? [{}]).map((route, position) => ({
      connection_id: id,
      name: route.name ?? `route ${position}`,
      position,
      kind: route.kind ?? 'bill',
      conditions: JSON.stringify(route.conditions ?? {}),
      channel: route.channel ?? channels.approvals,
      deciders: JSON.stringify(route.deciders ?? [{ user: people.director }, { user: people.controller }]),
      actions: route.actions ?? ['approve', 'reject'],
      burst: route.burst ?? 20,
      digest_cadence: route.digest ?? null,
      act_as: route.act_as ?? 'service',
      custom_fields: route.custom_fields ?? [],
    })),
  );
  const cadence = options.cadence ?? '*/1 * * * * *';
  await db('feeds').insert((options.kinds ?? ['bill']).map((kind) => ({ connection_id: id, kind, cadence })));
  await db.raw(`select pg_notify('countersign_schedule', '')`);
  return id;
}
