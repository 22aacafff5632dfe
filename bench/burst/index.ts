import { install } from '../../demo/install.ts';
import type { SandboxDescription } from '../../demo/start.ts';
import type { SiteDescription } from '../../sandbox/acumatica/index.ts';
import { startApp } from '../support/app.ts';
import type { Figure } from '../support/figures.ts';
import { startHelper } from '../support/helper.ts';
import type { BenchServer } from '../support/postgres.ts';
import { addConnection } from '../support/setup.ts';
import { withStarted } from '../support/stack.ts';

const bills = 10_000;
/** Channels that a crowd of bills goes to, and such that get a few cards each. */
const crowded = 8;
const cardsEach = 8;
/** A channel's message and the next: Slack's rule. */
const paceMs = 1_000;

interface Shown {
  firstMs: number;
  allMs: number;
  messages: number[];
}

/** 10,000 bills at one moment, in ten channels: how long until all of them are shown, in digests or as cards. */
export async function measureBurst(server: BenchServer): Promise<Figure[]> {
  return withStarted(async (start) => {
    const { db, url } = await start(server.fresh());
    const sandbox = await start(startHelper(new URL('../support/sandbox.ts', import.meta.url)));
    const about = await sandbox.call<Pick<SandboxDescription, 'slack'> & { acumatica: SiteDescription }>('describe');
    const names = Array.from({ length: crowded + 2 }, (_, index) => `burst-${index}`);
    const channels = await sandbox.call<string[]>('addChannels', names);
    const app = await start(startApp(about, url));
    await sandbox.call('setRequestUrl', `${app.url}/slack/events`);
    await install(app.url);
    const places = channels.map((channel, index) => ({
      channel,
      vendor: `BURST${index}`,
      bills: index < crowded ? Math.floor((bills - 2 * cardsEach) / crowded) : cardsEach,
    }));
    const routes = places.map(({ channel, vendor }) => ({ channel, conditions: { vendors: [vendor] } }));
    await addConnection(db, about.acumatica, { routes, cadence: '*/1 * * * * *' });
    while (await db('feeds').whereNull('last_read_at').first('id')) await new Promise((wait) => setTimeout(wait, 50));
    const { firstMs, allMs, messages } = await sandbox.call<Shown>('burst', places);
    const posts = messages.reduce((sum, count) => sum + count, 0);
    const line = (name: string, value: number, unit: string, than: string, baseline: number): Figure => ({
      section: 'burst',
      name,
      value,
      unit,
      baseline: { name: than, value: baseline },
      aim: null,
    });
    const count = places.reduce((sum, place) => sum + place.bills, 0).toLocaleString('en');
    return [
      line(`${count} bills: every channel has its first message`, firstMs / 1_000, 's', 'half the cadence', 0.5),
      line(
        '… all of them are shown',
        allMs / 1_000,
        's',
        `${cardsEach} cards at one a second`,
        ((cardsEach - 1) * paceMs) / 1_000,
      ),
      line('… messages for them', posts, '', 'a digest or its cards each', crowded + 2 * cardsEach),
    ];
  });
}
