import { install } from '../../demo/install.ts';
import type { SandboxDescription } from '../../demo/start.ts';
import type { SiteDescription } from '../../sandbox/acumatica/index.ts';
import { startApp } from '../support/app.ts';
import { atMost, type Figure, percentile } from '../support/figures.ts';
import { startHelper } from '../support/helper.ts';
import type { BenchServer } from '../support/postgres.ts';
import { addConnection } from '../support/setup.ts';
import { withStarted } from '../support/stack.ts';
import { addCards } from './cards.ts';

const here = (name: string) => new URL(name, import.meta.url);
const perSecond = 100;
/** Two seconds of clicks that warm up what is measured. */
const warmUp = 2 * perSecond;
/** A page of about a megabyte. */
const pageSize = 1_000;
const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';

type Sandbox = Pick<SandboxDescription, 'slack'> & { acumatica: SiteDescription };

interface Round {
  acks: number[];
  notAcked: number;
  /** Acked clicks without a row. */
  lost: number;
}

/** How long a signed click waits for its answer: of an empty app, of ours, and of both while an ERP is read. */
export async function measureAcks(server: BenchServer, quick: boolean): Promise<Figure[]> {
  const clicks = warmUp + perSecond * (quick ? 5 : 20);
  const empty = await clickEmpty(server, clicks, 0);
  const idle = await clickOurs(server, clicks, 0);
  const busy = await clickOurs(server, clicks, quick ? 40_000 : 120_000);
  const sameThread = await clickEmpty(server, clicks, 10_000);
  const [emptyP50, idleP99, busyP99] = [
    percentile(empty.acks, 0.5),
    percentile(idle.acks, 0.99),
    percentile(busy.acks, 0.99),
  ];
  const line = (name: string, value: number, than: string, baseline: number, aim: Figure['aim']): Figure => ({
    section: 'acks',
    name,
    value,
    unit: 'ms',
    baseline: { name: than, value: baseline },
    aim,
  });
  const lost = idle.lost + busy.lost;
  const notAcked = idle.notAcked + busy.notAcked;
  return [
    line('idle: p50', percentile(idle.acks, 0.5), 'empty app', emptyP50, {
      text: '≤ 3 × empty',
      met: percentile(idle.acks, 0.5) <= 3 * emptyP50,
    }),
    line('idle: p99', idleP99, 'empty app', percentile(empty.acks, 0.99), atMost(idleP99, 50)),
    line('idle: max', Math.max(...idle.acks), 'empty app', Math.max(...empty.acks), null),
    line(
      'while it reads: p50',
      percentile(busy.acks, 0.5),
      'read in the same thread',
      percentile(sameThread.acks, 0.5),
      null,
    ),
    line('while it reads: p99', busyP99, 'read in the same thread', percentile(sameThread.acks, 0.99), {
      text: '≤ half of the same thread',
      met: busyP99 <= percentile(sameThread.acks, 0.99) / 2,
    }),
    line('while it reads: max', Math.max(...busy.acks), 'read in the same thread', Math.max(...sameThread.acks), null),
    {
      section: 'acks',
      name: 'acked clicks that were not stored',
      value: lost,
      unit: '',
      baseline: null,
      aim: atMost(lost, 0),
    },
    { section: 'acks', name: 'clicks not acked', value: notAcked, unit: '', baseline: null, aim: atMost(notAcked, 0) },
  ];
}

function clickEmpty(server: BenchServer, clicks: number, bills: number): Promise<Round> {
  return withStarted(async (start) => {
    const app = await start(startHelper(here('empty-app.ts')));
    const clicker = await start(startHelper(here('clicker.ts')));
    const url = await app.call<string>('start', signingSecret);
    if (bills > 0) {
      const database = await start(server.fresh());
      const sandbox = await start(startHelper(new URL('../support/sandbox.ts', import.meta.url)));
      const { acumatica: site } = await sandbox.call<Sandbox>('describe');
      await sandbox.call('addBills', bills);
      await app.call('startReading', { site, url: database.url, pageSize });
    }
    const tickets = Array.from({ length: clicks }, () => 'none');
    const answers = await clicker.call<Array<number | null>>('click', { url, signingSecret, perSecond, tickets });
    if (bills > 0) await app.call('stopReading');
    return { ...timesOf(answers), lost: 0 };
  });
}

function clickOurs(server: BenchServer, clicks: number, bills: number): Promise<Round> {
  return withStarted(async (start) => {
    const { db, url } = await start(server.fresh());
    const sandbox = await start(startHelper(new URL('../support/sandbox.ts', import.meta.url)));
    const clicker = await start(startHelper(here('clicker.ts')));
    const about = await sandbox.call<Sandbox>('describe');
    await sandbox.call('addBills', bills);
    const app = await start(startApp(about, url, { SWEEP_SECONDS: '600' }));
    await sandbox.call('setRequestUrl', `${app.url}/slack/events`);
    await install(app.url);
    await sandbox.call('inviteBot', 'C0APAPPROV');
    const setup = { routes: [{ channel: 'C0APAPPROV' }], pageSize };
    const { connectionId } = await addConnection(db, about.acumatica, setup);
    const tickets = await addCards(db, connectionId, clicks);
    const stored = async () => Number((await db('documents').count('* as count').first())?.count) - clicks;
    while (bills > 0 && (await stored()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const answers = await clicker.call<Array<number | null>>('click', {
      url: `${app.url}/slack/events`,
      signingSecret: about.slack.signingSecret,
      perSecond,
      tickets,
    });
    const read = await stored();
    if (bills > 0 && read >= bills) throw new Error('All bills were read before the clicks ended: give it more.');
    if (bills > 0) process.stderr.write(`  ${read} bills were read meanwhile\n`);
    const rows = await db('decisions').where({ action: 'approve' }).count('* as count').first();
    const acked = answers.filter((ms) => ms !== null).length;
    return { ...timesOf(answers), lost: acked - Number(rows?.count) };
  });
}

function timesOf(answers: Array<number | null>): { acks: number[]; notAcked: number } {
  const acks = answers.slice(warmUp).filter((ms) => ms !== null);
  return { acks, notAcked: answers.filter((ms) => ms === null).length };
}
