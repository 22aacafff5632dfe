import { setTimeout as sleep } from 'node:timers/promises';
import { install } from '../../demo/install.ts';
import type { SandboxDescription } from '../../demo/start.ts';
import type { SiteDescription } from '../../sandbox/acumatica/index.ts';
import { startApp } from '../support/app.ts';
import { type Figure, median, percentile } from '../support/figures.ts';
import { type Helper, startHelper } from '../support/helper.ts';
import type { BenchServer } from '../support/postgres.ts';
import { addConnection } from '../support/setup.ts';
import { withStarted } from '../support/stack.ts';

const channel = 'C0APAPPROV';
const cadenceMs = 1_000;
/** Clicks and bills that warm up what is measured. */
const warmUp = 3;

interface Clicked {
  ms: number;
  ackMs: number;
}

/** The whole way, one at a time: from a bill in the ERP to its card, and from a click on it to the ERP. */
export async function measureClicks(server: BenchServer, quick: boolean): Promise<Figure[]> {
  const count = (quick ? 12 : 60) + warmUp;
  return withStarted(async (start) => {
    const sandbox = await start(startHelper(new URL('../support/sandbox.ts', import.meta.url)));
    const ours = await throughOurs(server, sandbox, count);
    const ideal = await throughIdeal(sandbox, count);
    const request = median(ideal.posts);
    const line = (name: string, value: number, than: string, baseline: number): Figure => ({
      section: 'clicks',
      name,
      value,
      unit: 'ms',
      baseline: { name: than, value: baseline },
      aim: null,
    });
    const half = 'half the cadence + one request';
    const whole = '0.99 of the cadence + one request';
    return [
      line(
        'click → ERP asked: p50',
        percentile(ours.clicks, 0.5),
        'read, act, nothing stored',
        percentile(ideal.clicks, 0.5),
      ),
      line(
        'click → ERP asked: p99',
        percentile(ours.clicks, 0.99),
        'read, act, nothing stored',
        percentile(ideal.clicks, 0.99),
      ),
      line('bill → card, polled every second: p50', percentile(ours.cards, 0.5), half, cadenceMs / 2 + request),
      line('bill → card, polled every second: p99', percentile(ours.cards, 0.99), whole, 0.99 * cadenceMs + request),
    ];
  });
}

function throughOurs(
  server: BenchServer,
  sandbox: Helper,
  count: number,
): Promise<{ cards: number[]; clicks: number[] }> {
  return withStarted(async (start) => {
    const { db, url } = await start(server.fresh());
    const about = await sandbox.call<Pick<SandboxDescription, 'slack'> & { acumatica: SiteDescription }>('describe');
    const app = await start(startApp(about, url));
    await sandbox.call('setRequestUrl', `${app.url}/slack/events`);
    await install(app.url);
    await sandbox.call('inviteBot', channel);
    await addConnection(db, about.acumatica, { routes: [{ channel }], cadence: '*/1 * * * * *' });
    const cards: number[] = [];
    const clicks: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const card = await sandbox.call<{ reference: string; ts: string; ms: number }>('billToCard', channel);
      const { ms } = await sandbox.call<Clicked>('clickToErp', { ...card, channel, actionId: 'decide_approve' });
      cards.push(card.ms);
      clicks.push(ms);
      // Bills arrive evenly spread over the time between two polls, and not within a channel's second of the one before.
      await sleep(1_100 + ((index * 0.618) % 1) * cadenceMs);
    }
    return { cards: cards.slice(warmUp), clicks: clicks.slice(warmUp) };
  });
}

function throughIdeal(sandbox: Helper, count: number): Promise<{ posts: number[]; clicks: number[] }> {
  return withStarted(async (start) => {
    const { slack, acumatica: site } = await sandbox.call<{
      slack: SandboxDescription['slack'] & { botToken: string };
      acumatica: SiteDescription;
    }>('describe');
    const app = await start(startHelper(new URL('ideal-app.ts', import.meta.url)));
    const { signingSecret, apiUrl: slackApiUrl, botToken: token } = slack;
    await sandbox.call('setRequestUrl', await app.call('start', { site, signingSecret, slackApiUrl, token }));
    const posts: number[] = [];
    const clicks: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const reference = await sandbox.call<string>('addBill');
      const { ts, ms } = await app.call<{ ts: string; ms: number }>('post', { channel, reference });
      const clicked = await sandbox.call<Clicked>('clickToErp', { reference, ts, channel, actionId: 'approve' });
      posts.push(ms);
      clicks.push(clicked.ms);
      await sleep(1_010);
    }
    return { posts: posts.slice(warmUp), clicks: clicks.slice(warmUp) };
  });
}
