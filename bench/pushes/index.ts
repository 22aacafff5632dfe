import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { renewPushSecret } from '../../app/push/endpoint.ts';
import { install } from '../../demo/install.ts';
import type { SandboxDescription } from '../../demo/start.ts';
import type { SiteDescription } from '../../sandbox/acumatica/index.ts';
import { type RunningApp, startApp } from '../support/app.ts';
import { shape, signIn } from '../support/erp-pages.ts';
import { type Figure, median, percentile } from '../support/figures.ts';
import { type Helper, startHelper } from '../support/helper.ts';
import type { BenchServer } from '../support/postgres.ts';
import { addConnection, decider, keyring, type Setup } from '../support/setup.ts';
import { withStarted } from '../support/stack.ts';

const channel = 'C0APAPPROV';
const changes = 1_000;
/** What a feed is polled at where nothing is pushed. */
const cadence = '*/5 * * * * *';
const never = '0 0 1 1 *';
const warmUp = 3;

interface Running {
  db: Knex;
  sandbox: Helper;
  app: RunningApp;
  about: Pick<SandboxDescription, 'slack'> & { acumatica: SiteDescription };
  setup: Setup;
}

/** What pushes cost and give: requests and seats for 1,000 changed documents with and without them, and push → card. */
export async function measurePushes(server: BenchServer, quick: boolean): Promise<Figure[]> {
  const overMs = quick ? 20_000 : 60_000;
  const polled = await withApp(server, { cadence, takes: false }, (running) => costOfChanges(running, overMs));
  const pushed = await withApp(server, { cadence, takes: false }, async (running) => {
    await takePushes(running);
    return costOfChanges(running, overMs);
  });
  const toCard = await withApp(server, { cadence: never, takes: true }, async (running) => {
    await takePushes(running);
    return { cards: await pushToCard(running, quick ? 15 : 60), bare: await readAndPost(running) };
  });
  const line = (name: string, value: number, unit: string, than: string, baseline: number): Figure => ({
    section: 'pushes',
    name,
    value,
    unit,
    baseline: { name: than, value: baseline },
    aim: null,
  });
  const each = `${changes.toLocaleString('en')} changes in ${overMs / 1_000} s`;
  return [
    line(`${each}: requests, pushed`, pushed.requests, '', 'polled every 5 s', polled.requests),
    line('… until the last is known', pushed.lastMs, 'ms', 'polled every 5 s', polled.lastMs),
    line('… seats', pushed.seats, '', 'polled', polled.seats),
    line('push → card: p50', percentile(toCard.cards, 0.5), 'ms', 'one read, one post', toCard.bare),
    line('push → card: p99', percentile(toCard.cards, 0.99), 'ms', 'one read, one post', toCard.bare),
  ];
}

function withApp<R>(
  server: BenchServer,
  options: { cadence: string; takes: boolean },
  run: (running: Running) => Promise<R>,
): Promise<R> {
  return withStarted(async (start) => {
    const { db, url } = await start(server.fresh());
    const sandbox = await start(startHelper(new URL('../support/sandbox.ts', import.meta.url)));
    const about = await sandbox.call<Running['about']>('describe');
    await sandbox.call('changeSettings', { pushDelayMs: 0 });
    await sandbox.call('addBills', changes);
    const app = await start(startApp(about, url));
    await sandbox.call('setRequestUrl', `${app.url}/slack/events`);
    await install(app.url);
    await sandbox.call('inviteBot', channel);
    // A crowd of bills is there from the start; none of it is to be shown.
    const routes = [{ channel, conditions: { vendors: ['NOBODY'] }, burst: 1_000 }];
    const setup = await addConnection(db, about.acumatica, { routes, cadence: options.cadence });
    while (await db('feeds').whereNull('last_read_at').first('id')) await sleep(50);
    if (options.takes) await db('routes').update({ conditions: '{}' });
    return run({ db, sandbox, app, about, setup });
  });
}

async function takePushes({ db, sandbox, app, setup: { connectionId } }: Running): Promise<void> {
  const { installation_id: installationId } = await db('connections').first('installation_id');
  const secret = await renewPushSecret(db, keyring, { installationId, connectionId, actor: decider });
  await sandbox.call('setPush', {
    name: 'Countersign',
    address: `${app.url}/erp/push/${connectionId}?kind=bill`,
    headerName: 'X-Countersign-Push',
    headerValue: secret,
  });
}

/** What the app asks of the ERP while so many documents change, and how long after the last change it knows all. */
async function costOfChanges({ db, sandbox }: Running, overMs: number) {
  const count = async () => {
    const all = await sandbox.call<Record<string, number>>('requests');
    return Object.entries(all).reduce((sum, [, times]) => sum + times, 0);
  };
  const before = await count();
  await sandbox.call('changeEvenly', { count: changes, overMs });
  const endedAt = performance.now();
  for (;;) {
    const known = await db('documents').where('version', '>', 1).count('* as n').first();
    if (Number(known?.n) === changes) break;
    if (performance.now() - endedAt > 60_000) throw new Error(`only ${known?.n} changes are known after a minute`);
    await sleep(10);
  }
  const lastMs = performance.now() - endedAt;
  return { requests: (await count()) - before, seats: await sandbox.call<number>('seats'), lastMs };
}

async function pushToCard({ sandbox }: Running, count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < count + warmUp; index += 1) {
    taken.push((await sandbox.call<{ ms: number }>('billToCard', channel)).ms);
    // Not within a channel's second of the one before.
    await sleep(1_150);
  }
  return taken.slice(warmUp);
}

/** One read of a bill and one message, by programs that do nothing else: medians, together in ms. */
async function readAndPost({ sandbox, about }: Running): Promise<number> {
  return withStarted(async (start) => {
    const { slack, acumatica: site } = await sandbox.call<{
      slack: SandboxDescription['slack'] & { botToken: string };
      acumatica: SiteDescription;
    }>('describe');
    const app = await start(startHelper(new URL('../clicks/ideal-app.ts', import.meta.url)));
    const { signingSecret, apiUrl: slackApiUrl, botToken: token } = slack;
    await app.call('start', { site, signingSecret, slackApiUrl, token });
    const { base, headers } = await signIn(about.acumatica);
    const reads: number[] = [];
    const posts: number[] = [];
    for (let index = 0; index < 8; index += 1) {
      const reference = await sandbox.call<string>('addBill');
      const askedAt = performance.now();
      await (await fetch(`${base}/Bill/Bill/${reference}?${shape}`, { headers })).json();
      reads.push(performance.now() - askedAt);
      posts.push((await app.call<{ ms: number }>('post', { channel: 'C0LARGEPAY', reference })).ms);
      await sleep(1_010);
    }
    return median(reads) + median(posts);
  });
}
