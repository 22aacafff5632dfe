import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { install } from './install.ts';
import { freePort, type Running, runToEnd, start } from './processes.ts';

/** What `npm run sandbox` prints, as far as the demo needs it. */
export interface SandboxDescription {
  url: string;
  page: string;
  slack: {
    apiUrl: string;
    authorizeUrl: string;
    clientId: string;
    clientSecret: string;
    signingSecret: string;
    users: Array<{ id: string; realName: string }>;
    channels: Array<{ id: string; name: string }>;
  };
  acumatica: {
    url: string;
    tenant: string;
    clientId: string;
    clientSecret: string;
    users: Array<{ username: string; password: string; role: string }>;
  };
  intacct: {
    url: string;
    senderId: string;
    senderPassword: string;
    companyId: string;
    users: Array<{ userId: string; password: string; role: string }>;
  };
}

export interface Demo {
  sandbox: SandboxDescription;
  appUrl: string;
  /** The environment that the app and the command line run with. */
  env: Record<string, string>;
  app: Running;
  stop(): Promise<void>;
}

export interface DemoOptions {
  dataDir: string;
  sandboxPort: number;
  appPort: number;
  onLine: (from: 'sandbox' | 'app', line: string) => void;
  onStep: (step: string) => void;
  /** False: the app is installed nowhere and nothing is set up; a person does it all. */
  setUp?: boolean;
}

/** Starts the sandbox and the app as two processes, installs the app through OAuth and sets up a connection to each ERP. */
export async function startDemo({
  dataDir,
  sandboxPort,
  appPort,
  onLine,
  onStep,
  setUp = true,
}: DemoOptions): Promise<Demo> {
  const [portOfSandbox, portOfApp] = [await freePort(sandboxPort), await freePort(appPort)];
  const running: Running[] = [];
  const stop = async () => {
    for (const each of running.toReversed()) await each.stop();
  };
  try {
    onStep('starting the sandbox: a Slack workspace, an Acumatica site and a Sage Intacct company');
    const sandbox = await startSandbox(portOfSandbox, running, onLine);
    onStep('starting the app with its embedded PostgreSQL');
    await rm(dataDir, { recursive: true, force: true });
    const appUrl = `http://localhost:${portOfApp}`;
    const env = appEnvironment(sandbox, appUrl, portOfApp, dataDir);
    const app = start('app/index.ts', [], env, (line) => onLine('app', line));
    running.push(app);
    await waitUntilReady(app, appUrl);
    const manifest = JSON.parse(await readFile('manifest.json', 'utf8'));
    await post(`${sandbox.url}/admin/slack/app`, {
      requestUrl: `${appUrl}/slack/events`,
      manifest,
      // The ERP of the demo is on this machine; a company names its own in the manifest.
      unfurlDomains: ['localhost'],
    });
    const demo = { sandbox, appUrl, env, app, stop };
    if (!setUp) return demo;
    await post(`${sandbox.url}/admin/intacct/clock`, {});
    const ledger = { name: 'ledger-close', private: false, members: sandbox.slack.users.map(({ id }) => id) };
    const added = (await post(`${sandbox.url}/admin/slack/channels`, ledger)) as Array<{ id: string; name: string }>;
    sandbox.slack.channels.push(...added);
    onStep('installing the app in the workspace (OAuth)');
    await install(appUrl);
    for (const { id, name } of sandbox.slack.channels) {
      if (name !== 'general') await post(`${sandbox.url}/admin/slack/channels/${id}/invite`, {});
    }
    onStep('setting up the connections and their routes (demo/countersign.yaml)');
    await runToEnd('cli/index.ts', ['apply', 'demo/countersign.yaml'], { ...env, ...namesInTheFile(sandbox) });
    return demo;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSandbox(
  port: number,
  running: Running[],
  onLine: DemoOptions['onLine'],
): Promise<SandboxDescription> {
  return new Promise((resolve, reject) => {
    const sandbox = start('sandbox/index.ts', ['--port', String(port)], {}, (line) => {
      if (line.startsWith('{"url"')) resolve(JSON.parse(line));
      else onLine('sandbox', line);
    });
    running.push(sandbox);
    sandbox.child.once('exit', (code) => reject(new Error(`The sandbox ended with code ${code}.`)));
  });
}

function appEnvironment(
  { slack }: SandboxDescription,
  appUrl: string,
  port: number,
  dataDir: string,
): Record<string, string> {
  return {
    SLACK_CLIENT_ID: slack.clientId,
    SLACK_CLIENT_SECRET: slack.clientSecret,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_STATE_SECRET: randomBytes(24).toString('base64url'),
    SLACK_API_URL: slack.apiUrl,
    SLACK_AUTHORIZE_URL: slack.authorizeUrl,
    ENCRYPTION_KEYS: `demo:${randomBytes(32).toString('base64')}`,
    PUBLIC_URL: appUrl,
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    DATABASE_URL: '',
  };
}

/** The values behind the names in demo/countersign.yaml. */
function namesInTheFile({ slack, acumatica, intacct }: SandboxDescription): Record<string, string> {
  const reader = intacct.users.find((user) => user.role === 'service');
  const service = acumatica.users.find((user) => user.role === 'service');
  const person = (title: string) => slack.users.find((user) => user.realName.includes(title))?.id ?? '';
  const channel = (name: string) => slack.channels.find((each) => each.name === name)?.id ?? '';
  return {
    ACUMATICA_SITE: acumatica.url,
    ACUMATICA_TENANT: acumatica.tenant,
    ACUMATICA_CLIENT_ID: acumatica.clientId,
    ACUMATICA_CLIENT_SECRET: acumatica.clientSecret,
    ACUMATICA_USERNAME: service?.username ?? '',
    ACUMATICA_PASSWORD: service?.password ?? '',
    INTACCT_GATEWAY: intacct.url,
    INTACCT_SENDER_ID: intacct.senderId,
    INTACCT_SENDER_PASSWORD: intacct.senderPassword,
    INTACCT_COMPANY: intacct.companyId,
    INTACCT_USER: reader?.userId ?? '',
    INTACCT_PASSWORD: reader?.password ?? '',
    CHANNEL_LEDGER: channel('ledger-close'),
    CHANNEL_LARGE: channel('large-payments'),
    CHANNEL_BILLS: channel('ap-approvals'),
    CHANNEL_TREASURY: channel('treasury'),
    FINANCE_DIRECTOR: person('Finance Director'),
    CONTROLLER: person('Controller'),
    TREASURER: person('Treasurer'),
    AP_CLERK: person('AP Clerk'),
  };
}

async function waitUntilReady(app: Running, appUrl: string): Promise<void> {
  const until = performance.now() + 60_000;
  while (performance.now() < until) {
    if (app.child.exitCode !== null) throw new Error('The app did not start; its lines above say why.');
    const ready = await fetch(`${appUrl}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
  throw new Error('The app was not ready within a minute; its lines above say why.');
}

/** Posts JSON and returns the JSON answer; throws on anything but success. */
export async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}: ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}
