import type { Database } from '../../app/storage/database.ts';
import { install } from '../../demo/install.ts';
import { freePort } from '../../demo/processes.ts';
import { type Sandbox, type Scenario, startSandbox } from '../../sandbox/start.ts';
import { testKeys } from '../support/database.ts';
import { channels, connectTreasury, people, type RouteGiven } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { type Fleet, startFleet } from './fleet.ts';

export interface Message {
  ts: string;
  text: string;
  blocks?: unknown[];
}

/** One app process against the sandbox: what can be stopped, killed and started again. */
export interface OneApp {
  sandbox: Sandbox;
  fleet: Fleet;
  /** Starts the process again after `fleet.stop()`. */
  startAgain(): Promise<void>;
  cardsOf(reference: string): Message[];
  card(reference: string, accept?: (message: Message) => boolean): Promise<Message>;
  click(message: Message, actionId: string): Promise<{ acked: boolean }>;
  stop(): Promise<void>;
}

export async function startOneApp(
  db: Database,
  url: string,
  options: { acumatica?: Scenario['acumatica']; route?: RouteGiven } = {},
): Promise<OneApp> {
  const sandbox = await startSandbox({
    scenario: {
      clockRuns: false,
      slack: { inviteBotTo: [channels.approvals], limits: 'pace-only' },
      acumatica: { seedBills: 0, ...options.acumatica },
    },
  });
  const about = sandbox.slack.describe();
  const port = await freePort(0);
  const launch = async () => {
    const fleet = await startFleet(1, [port], (given, publicUrl) => ({
      SLACK_CLIENT_ID: about.clientId,
      SLACK_CLIENT_SECRET: about.clientSecret,
      SLACK_SIGNING_SECRET: about.signingSecret,
      SLACK_STATE_SECRET: 'a-state-secret-for-tests-only',
      SLACK_API_URL: `${sandbox.url}/api/`,
      SLACK_AUTHORIZE_URL: `${sandbox.url}/oauth/v2/authorize`,
      ENCRYPTION_KEYS: testKeys,
      PUBLIC_URL: publicUrl,
      PORT: String(given),
      HOST: '127.0.0.1',
      DATABASE_URL: url,
      LEASE_SECONDS: '3',
      SWEEP_SECONDS: '2',
      LOG_FORMAT: 'json',
    }));
    await fleet.ready();
    await sandbox.slack.setRequestUrl(`${fleet.url}/slack/events`, { verify: true });
    return fleet;
  };
  const cardsOf = (reference: string) =>
    (
      sandbox.slack.visibleMessages(channels.approvals, people.director) as unknown as Array<
        Message & { ephemeral?: boolean }
      >
    ).filter((message) => !message.ephemeral && message.text.includes(reference));
  const app: OneApp = {
    sandbox,
    fleet: await launch(),
    async startAgain() {
      app.fleet = await launch();
    },
    cardsOf,
    card: (reference, accept = () => true) =>
      waitUntil(() => cardsOf(reference).find(accept), {
        what: `the card of ${reference}; the app says:\n${app.fleet.complaints.join('\n')}`,
        timeoutMs: 30_000,
      }),
    click: (message, actionId) =>
      sandbox.slack.click({ user: people.director, channel: channels.approvals, messageTs: message.ts, actionId }),
    async stop() {
      await app.fleet.stop();
      await sandbox.stop();
    },
  };
  await install(app.fleet.url);
  await connectTreasury(db, sandbox, {
    routes: [{ actions: ['approve', 'reject', 'release'], burst: 1_000, ...options.route }],
  });
  return app;
}
