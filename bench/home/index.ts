import { setTimeout as sleep } from 'node:timers/promises';
import type { HomeView } from '@slack/types';
import { LogLevel, WebClient } from '@slack/web-api';
import type { Knex } from 'knex';
import { recordEvents } from '../../app/audit/record.ts';
import { readHome } from '../../app/home/content.ts';
import type { HomeTab } from '../../app/home/row.ts';
import { install } from '../../demo/install.ts';
import type { SandboxDescription } from '../../demo/start.ts';
import { addCards } from '../acks/cards.ts';
import { startApp } from '../support/app.ts';
import { atMost, type Figure, percentile } from '../support/figures.ts';
import { type Helper, startHelper } from '../support/helper.ts';
import type { BenchServer } from '../support/postgres.ts';
import { withStarted } from '../support/stack.ts';
import { fill, sizes } from './fill.ts';

/** Opened Homes that warm up what is measured. */
const warmUp = 3;
/** A little slower than the app publishes what people do, so that nothing waits for its turn. */
const openEveryMs = 1_100;
const perSecond = 100;
const warmUpClicks = 2 * perSecond;
/** What Slack takes (docs.slack.dev/surfaces/app-home and /reference/views). */
const mostBlocks = 100;
const mostBytes = 250_000;

type Sandbox = Pick<SandboxDescription, 'slack'> & { slack: { botToken: string } };

interface Opened {
  ms: number[];
  bare: number[];
  blocks: number;
  bytes: number;
}

/** How long a Home of a large installation takes to be published, and what clicks feel of fifty of them. */
export async function measureHome(server: BenchServer, quick: boolean): Promise<Figure[]> {
  const times = (quick ? 12 : 50) + warmUp;
  const clicks = warmUpClicks + perSecond * (quick ? 5 : 20);
  return withStarted(async (start) => {
    const { db, url } = await start(server.fresh());
    const sandbox = await start(startHelper(new URL('../support/sandbox.ts', import.meta.url)));
    const clicker = await start(startHelper(new URL('../acks/clicker.ts', import.meta.url)));
    const about = await sandbox.call<Sandbox>('describe');
    const people = await sandbox.call<string[]>('addPeople', sizes.people);
    const [stranger = ''] = await sandbox.call<string[]>('addPeople', 1);
    const app = await start(startApp(about, url, { SWEEP_SECONDS: '600' }));
    await sandbox.call('setRequestUrl', `${app.url}/slack/events`);
    await install(app.url);
    await fill(db, people);
    const client = bareClient((await sandbox.call<Sandbox>('describe')).slack);
    const home = { db, sandbox, client, people, stranger, times };
    const click = (tickets: string[]) =>
      clicker.call<Array<number | null>>('click', {
        url: `${app.url}/slack/events`,
        signingSecret: about.slack.signingSecret,
        perSecond,
        tickets,
      });
    const decisions = await open(home, 'decisions');
    const administration = await open(home, 'administration');
    const reading = await read(db, people[0] ?? '', times);
    const tickets = await addCards(db, (await db('connections').orderBy('name').first('id')).id, 2 * clicks);
    const busy = await clickWhilePublishing(home, () => click(tickets.slice(clicks)));
    // As if nobody had ever opened a Home: a click concerns none.
    await db('home_views').delete();
    const idle = await click(tickets.slice(0, clicks));
    const acked = [...idle, ...busy.answers].filter((ms) => ms !== null).length;
    const stored = Number((await db('decisions').where({ action: 'approve' }).count('* as count').first())?.count);
    return [
      ...opened('decisions', decisions),
      ...opened('administration', administration),
      line(
        'decisions read: p50',
        percentile(reading.decisions, 0.5),
        'their eight documents by key',
        reading.bare,
        null,
      ),
      line(
        'administration read: p50',
        percentile(reading.administration, 0.5),
        'eight documents by key',
        reading.bare,
        null,
      ),
      ...acks(idle, busy.answers),
      { ...line('Homes published meanwhile', busy.perMinute, '', 0, null), unit: 'a minute', baseline: null },
      {
        ...line('acked clicks that were not stored', acked - stored, '', 0, atMost(acked - stored, 0)),
        unit: '',
        baseline: null,
      },
    ];
  });
}

/** A client that does nothing but call: what publishing costs without an app around it. */
function bareClient({ apiUrl, botToken }: Sandbox['slack']): WebClient {
  return new WebClient(botToken, { slackApiUrl: apiUrl, logLevel: LogLevel.ERROR, retryConfig: { retries: 0 } });
}

interface Setting {
  db: Knex;
  sandbox: Helper;
  client: WebClient;
  people: string[];
  /** Whose Home the app never publishes. */
  stranger: string;
  times: number;
}

/** Opens the Homes of one person after another: ms from Slack's event leaving to the view being published. */
async function open({ db, sandbox, client, people, stranger, times }: Setting, tab: HomeTab): Promise<Opened> {
  const installation = await db('installations').first('id');
  if (tab === 'administration') {
    const rows = people.map((person) => ({ installation_id: installation.id, person, named_by: people[0] }));
    await db('administrators').insert(rows);
    await db('home_views').update({ tab });
  }
  const ms: number[] = [];
  const bare: number[] = [];
  let view: HomeView | undefined;
  for (let index = 0; index < times; index += 1) {
    const person = people[index % people.length] ?? '';
    const published = await sandbox.call<{ ms: number; view: HomeView }>('openToPublished', person);
    ms.push(published.ms);
    view = published.view;
    await sleep(openEveryMs / 2);
    const sentAt = performance.now();
    await client.views.publish({ user_id: stranger, view });
    bare.push(performance.now() - sentAt);
    await sleep(openEveryMs / 2);
  }
  const blocks = view?.blocks.length ?? 0;
  const bytes = Buffer.byteLength(JSON.stringify(view));
  return { ms: ms.slice(warmUp), bare: bare.slice(warmUp), blocks, bytes };
}

/** How long the content of a Home takes to be read, without drawing and publishing it. */
async function read(db: Knex, person: string, times: number) {
  const installation = await db('installations').first('id');
  const asked = {
    installationId: installation.id,
    person,
    pages: {},
    notice: null,
    isAdmin: true,
    erpTitle: () => 'Acumatica',
    canPush: () => false,
    budgetOf: () => null,
    linksAccounts: () => true,
    locale: 'en-GB',
    now: new Date(),
  };
  const ids = await db('documents').orderBy('id').limit(8).pluck('id');
  const timed = async (run: () => Promise<unknown>) => {
    const all: number[] = [];
    for (let index = 0; index < times; index += 1) {
      const from = performance.now();
      await run();
      all.push(performance.now() - from);
    }
    return all.slice(warmUp);
  };
  const decisions = await timed(() => readHome(db, { ...asked, isAdmin: false, tab: 'decisions' }));
  const administration = await timed(() => readHome(db, { ...asked, tab: 'administration' }));
  const bare = await timed(() => db('documents').whereIn('id', ids).select('data'));
  return { decisions, administration, bare: percentile(bare, 0.5) };
}

/**
 * All the while a document that waits for everybody changes once a second, so that fifty Homes are to be published, and
 * once a second somebody opens theirs: the app publishes as fast as it may.
 */
async function clickWhilePublishing(
  { db, sandbox, people }: Setting,
  click: () => Promise<Array<number | null>>,
): Promise<{ answers: Array<number | null>; perMinute: number }> {
  await db('home_views').update({ tab: 'decisions' });
  const document = await db('documents').orderBy('id').first('id', 'connection_id');
  const installation = await db('installations').first('id');
  let going = true;
  const change = async () => {
    for (let round = 0; going; round += 1) {
      const description = JSON.stringify(`Purchase of services, as changed ${round}`);
      await db('documents')
        .where({ id: document.id })
        .update({ data: db.raw(`jsonb_set(data, '{description}', ?::jsonb)`, [description]) });
      const subject = {
        installationId: installation.id,
        connectionId: document.connection_id,
        documentId: document.id,
      };
      await recordEvents(db, [{ kind: 'document.changed', ...subject }]);
      await sandbox.call('openHome', people[round % people.length]);
      await sleep(1_000);
    }
  };
  const changing = change();
  const before = await sandbox.call<number>('homesPublished');
  const from = performance.now();
  const answers = await click();
  const perMinute = (((await sandbox.call<number>('homesPublished')) - before) * 60_000) / (performance.now() - from);
  going = false;
  await changing;
  return { answers, perMinute };
}

const line = (name: string, value: number, than: string, baseline: number, aim: Figure['aim']): Figure => ({
  section: 'home',
  name,
  value,
  unit: 'ms',
  baseline: { name: than, value: baseline },
  aim,
});

function opened(tab: string, { ms, bare, blocks, bytes }: Opened): Figure[] {
  const than = 'a bare views.publish of that view';
  const most = (name: string, value: number, unit: string, limit: number): Figure => ({
    ...line(`${tab}: ${name}`, value, 'what Slack takes at most', limit, atMost(value, limit)),
    unit,
  });
  return [
    line(`${tab}, opened → published: p50`, percentile(ms, 0.5), than, percentile(bare, 0.5), null),
    line(`${tab}, opened → published: p99`, percentile(ms, 0.99), than, percentile(bare, 0.99), null),
    most('blocks', blocks, '', mostBlocks),
    most('bytes', bytes, 'B', mostBytes),
  ];
}

function acks(idle: Array<number | null>, busy: Array<number | null>): Figure[] {
  const of = (answers: Array<number | null>) => answers.slice(warmUpClicks).filter((ms) => ms !== null);
  const shares: Array<[string, number, number | null]> = [
    ['p50', 0.5, null],
    ['p99', 0.99, 50],
    ['max', 1, null],
  ];
  const notAcked = [...idle, ...busy].filter((ms) => ms === null).length;
  return [
    ...shares.map(([name, share, aim]) => {
      const value = percentile(of(busy), share);
      const limit = aim === null ? null : atMost(value, aim);
      return line(
        `acks while 50 Homes are published: ${name}`,
        value,
        'no Home opened',
        percentile(of(idle), share),
        limit,
      );
    }),
    { ...line('clicks not acked', notAcked, '', 0, atMost(notAcked, 0)), unit: '', baseline: null },
  ];
}
