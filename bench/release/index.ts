import { setTimeout as sleep } from 'node:timers/promises';
import { install } from '../../demo/install.ts';
import type { SandboxDescription } from '../../demo/start.ts';
import type { SiteDescription } from '../../sandbox/acumatica/index.ts';
import { startApp } from '../support/app.ts';
import { shape, signIn } from '../support/erp-pages.ts';
import { type Figure, percentile } from '../support/figures.ts';
import { type Helper, startHelper } from '../support/helper.ts';
import type { BenchServer } from '../support/postgres.ts';
import { addConnection } from '../support/setup.ts';
import { withStarted } from '../support/stack.ts';

const channel = 'C0APAPPROV';
const releaseMs = 2_000;
/** How often a bare program asks whether the operation is over. */
const askEveryMs = 100;
const together = 5;

/** From the click on Release to the bill being released, and to the card that says so, where Acumatica takes 2 s for it. */
export async function measureRelease(server: BenchServer, quick: boolean): Promise<Figure[]> {
  const count = quick ? 6 : 40;
  return withStarted(async (start) => {
    const { db, url } = await start(server.fresh());
    const sandbox = await start(startHelper(new URL('../support/sandbox.ts', import.meta.url)));
    const about = await sandbox.call<Pick<SandboxDescription, 'slack'> & { acumatica: SiteDescription }>('describe');
    await sandbox.call('changeSettings', { operationMs: { ReleaseBill: releaseMs } });
    const app = await start(startApp(about, url));
    await sandbox.call('setRequestUrl', `${app.url}/slack/events`);
    await install(app.url);
    await sandbox.call('inviteBot', channel);
    await addConnection(db, about.acumatica, {
      routes: [{ channel, actions: ['approve', 'release'] }],
      cadence: '*/1 * * * * *',
    });
    const released: number[] = [];
    const shown: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const [click] = await readyCards(sandbox, 1);
      const [erp, card] = await Promise.all([
        sandbox.call<{ ms: number }>('clickToErp', click),
        sandbox.call<number>('cardAfter', { ...click, words: 'Open in Acumatica' }),
      ]);
      released.push(erp.ms);
      shown.push(card);
    }
    const clicks = await readyCards(sandbox, together);
    const atOnce = await Promise.all(
      clicks.map((click) => sandbox.call<number>('clickToCard', { ...click, words: 'Open in Acumatica' })),
    );
    const bare = await releaseBare(about.acumatica, sandbox, count);
    const line = (name: string, value: number, than: string, baseline: number): Figure => ({
      section: 'release',
      name,
      value,
      unit: 'ms',
      baseline: { name: than, value: baseline },
      aim: null,
    });
    const than = '2 s and their requests';
    return [
      line('click → released: p50', percentile(released, 0.5), than, percentile(bare, 0.5)),
      line('click → released: p99', percentile(released, 0.99), than, percentile(bare, 0.99)),
      line('click → card says so: p50', percentile(shown, 0.5), than, percentile(bare, 0.5)),
      line('click → card says so: p99', percentile(shown, 0.99), than, percentile(bare, 0.99)),
      line(
        `${together} clicks at once → the last card says so`,
        Math.max(...atOnce),
        'one after the other, as a session must',
        together * percentile(bare, 0.5),
      ),
    ];
  });
}

/** Cards of bills that can be released, once they are drawn. */
async function readyCards(sandbox: Helper, count: number) {
  const clicks = [];
  for (let index = 0; index < count; index += 1) {
    const reference = await sandbox.call<string>('addReadyBill');
    const ts = await sandbox.call<string>('cardOf', { channel, reference });
    clicks.push({ reference, ts, channel, actionId: 'decide_release' });
  }
  return clicks;
}

/** The least that releasing takes: look, ask, and ask again until it is over; nothing stored, nobody told. */
async function releaseBare(site: SiteDescription, sandbox: Helper, count: number): Promise<number[]> {
  const { base, headers } = await signIn(site);
  const taken: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const reference = await sandbox.call<string>('addReadyBill');
    const startedAt = performance.now();
    await (await fetch(`${base}/Bill/Bill/${reference}?${shape}`, { headers })).json();
    const entity = { Type: { value: 'Bill' }, ReferenceNbr: { value: reference } };
    const asked = await fetch(`${base}/Bill/ReleaseBill`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ entity, parameters: {} }),
    });
    const status = new URL(asked.headers.get('location') ?? '', base).href;
    while ((await fetch(status, { headers })).status === 202) await sleep(askEveryMs);
    taken.push(performance.now() - startedAt);
  }
  return taken;
}
