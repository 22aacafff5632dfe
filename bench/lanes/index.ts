import { loadRoutes } from '../../app/connections/routes.ts';
import { storeDocuments } from '../../app/documents/store.ts';
import { sampleDocument } from '../support/documents.ts';
import { atLeast, atMost, type Figure, median } from '../support/figures.ts';
import { startHelper } from '../support/helper.ts';
import type { BenchDatabase, BenchServer } from '../support/postgres.ts';
import { addConnection, addInstallation } from '../support/setup.ts';
import { withStarted } from '../support/stack.ts';
import { startFlags } from '../support/start-flags.ts';

const here = (name: string) => new URL(name, import.meta.url);

interface Report {
  channels: number[][];
  refused: number;
}

/** Channels with a backlog each, served at once against a server that takes one message a second per channel. */
export async function measureLanes(server: BenchServer, quick: boolean): Promise<Figure[]> {
  const figures: Figure[] = [];
  const seconds = quick ? 10 : 30;
  for (const count of quick ? [1, 50] : [1, 50, 200]) {
    const channels = Array.from({ length: count }, (_, index) => `C${String(index).padStart(4, '0')}`);
    const ours = rate(await runOurs(server, channels, seconds), count, seconds);
    const theirs = rate(await runWebClient(channels, seconds), count, seconds);
    const name = count === 1 ? '1 channel' : `${count} channels`;
    const baseline = (value: number) => ({ name: 'default WebClient', value });
    figures.push(
      {
        section: 'lanes',
        name: `${name}: share of the ceiling used`,
        value: ours.share,
        unit: '',
        baseline: baseline(theirs.share),
        aim: atLeast(ours.share, 0.97),
      },
      {
        section: 'lanes',
        name: `${name}: pace of the median channel`,
        value: ours.pace,
        unit: '/s',
        baseline: baseline(theirs.pace),
        aim: atLeast(ours.pace, 0.98),
      },
      {
        section: 'lanes',
        name: `${name}: refused with 429`,
        value: ours.refused,
        unit: '',
        baseline: baseline(theirs.refused),
        aim: atMost(ours.refused, 0),
      },
    );
  }
  return figures;
}

function rate({ channels, refused }: Report, count: number, seconds: number) {
  const accepted = channels.reduce((sum, times) => sum + times.length, 0);
  const paces = channels.map((times) => {
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    return times.length < 2 ? 0 : ((times.length - 1) * 1_000) / (last - first);
  });
  return { share: accepted / (count * seconds), pace: median(paces), refused };
}

function runOurs(server: BenchServer, channels: string[], seconds: number): Promise<Report> {
  return withStarted(async (start) => {
    const limiter = await start(startHelper(here('limiter.ts')));
    const slackApiUrl = await limiter.call<string>('url');
    const database = await start(server.fresh());
    const laneIds = await fillLanes(database, channels, 30);
    const runner = await start(startHelper(here('runner.ts'), startFlags()));
    await runner.call('prepare', { url: database.url, slackApiUrl });
    await limiter.call('open', seconds * 1_000);
    await runner.call('go', laneIds);
    await pass(seconds);
    return limiter.call<Report>('report');
  });
}

function runWebClient(channels: string[], seconds: number): Promise<Report> {
  return withStarted(async (start) => {
    const limiter = await start(startHelper(here('limiter.ts')));
    const slackApiUrl = await limiter.call<string>('url');
    const client = await start(startHelper(here('web-client.ts')));
    await limiter.call('open', seconds * 1_000);
    await client.call('go', { slackApiUrl, channels, messages: 30 });
    await pass(seconds);
    return limiter.call<Report>('report');
  });
}

function pass(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000 + 100));
}

/** A backlog in each channel, through the app's own storing and routing. */
async function fillLanes({ db }: BenchDatabase, channels: string[], messages: number): Promise<string[]> {
  const installationId = await addInstallation(db);
  const site = {
    url: 'http://localhost:1',
    tenant: 'Bench',
    clientId: 'x@Bench',
    clientSecret: 'x',
    users: [],
    versions: [],
  };
  const routes = channels.map((channel) => ({ channel, conditions: { vendors: [channel] }, burst: 1_000 }));
  const { connectionId } = await addConnection(db, site, { routes });
  const scope = { installationId, connectionId, routes: await loadRoutes(db, connectionId) };
  for (let index = 0; index < messages; index += 1) {
    const documents = channels.map((channel) => sampleDocument(index, channel));
    await db.transaction((trx) => storeDocuments(trx, scope, documents));
  }
  const lanes = await db('lanes').select('id');
  return lanes.map((lane) => String(lane.id));
}
