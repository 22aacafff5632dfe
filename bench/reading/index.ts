import type { SiteDescription } from '../../sandbox/acumatica/index.ts';
import { atLeast, atMost, type Figure, median } from '../support/figures.ts';
import { startHelper } from '../support/helper.ts';
import type { BenchServer } from '../support/postgres.ts';
import { addConnection, addInstallation } from '../support/setup.ts';
import { withStarted } from '../support/stack.ts';
import { startFlags } from '../support/start-flags.ts';

const here = (name: string) => new URL(name, import.meta.url);
const pageSize = 200;
const channel = 'C0APAPPROV';

interface Round {
  perSecond: number;
  maxRssMb: number;
  requests: number;
  requestsWhenQuiet: number;
}

/** A feed's first read: every bill is stored, routed and given its card's row; nothing is delivered. */
export async function measureReading(server: BenchServer, quick: boolean): Promise<Figure[]> {
  const few = quick ? 5_000 : 10_000;
  const many = quick ? 20_000 : 100_000;
  const ours: Round[] = [];
  const bare: number[] = [];
  const parsed: number[] = [];
  await withSite(few, async (site, requests) => {
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      ours.push(await readOurs(server, site, requests, few));
      bare.push(await readBare(server, site, true));
      parsed.push(await readBare(server, site, false));
    }
  });
  const large = await withSite(many, (site, requests) => readOurs(server, site, requests, many));

  const rate = median(ours.map((round) => round.perSecond));
  const floor = median(bare);
  const memory = median(ours.map((round) => round.maxRssMb));
  const requests = Math.max(...ours.map((round) => round.requests));
  const quiet = Math.max(...ours.map((round) => round.requestsWhenQuiet));
  // Each page but the first begins with the last row of the page before.
  const pages = Math.floor((few - 1) / (pageSize - 1)) + 1;
  const count = (n: number) => n.toLocaleString('en');
  return [
    {
      section: 'reading',
      name: `${count(few)} bills read, stored, routed`,
      value: rate,
      unit: 'documents/s',
      baseline: { name: 'bare loop', value: floor },
      aim: { text: '≥ 0.5 of the bare loop', met: rate >= 0.5 * floor },
    },
    {
      section: 'reading',
      name: '… of the bare loop',
      value: rate / floor,
      unit: '',
      baseline: null,
      aim: atLeast(rate / floor, 0.5),
    },
    {
      section: 'reading',
      name: '… of fetching and parsing only',
      value: rate / median(parsed),
      unit: '',
      baseline: null,
      aim: null,
    },
    {
      section: 'reading',
      name: 'requests to the ERP for them',
      value: requests,
      unit: '',
      baseline: { name: 'pages', value: pages },
      aim: atMost(requests, pages + 1),
    },
    {
      section: 'reading',
      name: '… when nothing changed',
      value: quiet,
      unit: '',
      baseline: null,
      aim: atMost(quiet, 1),
    },
    {
      section: 'reading',
      name: `peak memory at ${count(few)}`,
      value: memory,
      unit: 'MiB',
      baseline: null,
      aim: atMost(memory, 200),
    },
    {
      section: 'reading',
      name: `peak memory at ${count(many)}`,
      value: large.maxRssMb,
      unit: 'MiB',
      baseline: { name: `at ${count(few)}`, value: memory },
      aim: { text: '≤ 200, within 20 %', met: large.maxRssMb <= 200 && large.maxRssMb <= 1.2 * memory },
    },
    {
      section: 'reading',
      name: `${count(many)} bills read, stored, routed`,
      value: large.perSecond,
      unit: 'documents/s',
      baseline: { name: `at ${count(few)}`, value: rate },
      aim: null,
    },
  ];
}

type Requests = () => Promise<number>;

function withSite<R>(bills: number, run: (site: SiteDescription, requests: Requests) => Promise<R>): Promise<R> {
  return withStarted(async (start) => {
    const sandbox = await start(startHelper(new URL('../support/sandbox.ts', import.meta.url)));
    const { acumatica } = await sandbox.call<{ acumatica: SiteDescription }>('describe');
    await sandbox.call('addBills', bills);
    return run(acumatica, async () => {
      const counted = await sandbox.call<Record<string, number>>('requests');
      return Object.entries(counted).reduce(
        (sum, [kind, count]) => (/\.(list|get)$/.test(kind) ? sum + count : sum),
        0,
      );
    });
  });
}

function readOurs(server: BenchServer, site: SiteDescription, requests: Requests, bills: number): Promise<Round> {
  return withStarted(async (start) => {
    const { db, url } = await start(server.fresh());
    await addInstallation(db);
    const { feedId } = await addConnection(db, site, { routes: [{ channel }] });
    const reader = await start(startHelper(here('reader.ts'), startFlags()));
    await reader.call('prepare', url);
    const read = () => reader.call<{ ms: number; maxRssMb: number }>('read', feedId);
    const before = await requests();
    const { ms, maxRssMb } = await read();
    const after = await requests();
    await read();
    const atEnd = await requests();
    const cards = await db('cards').count('* as count').first();
    if (Number(cards?.count) !== bills) throw new Error(`${bills} bills gave ${cards?.count} cards`);
    return { perSecond: (bills * 1_000) / ms, maxRssMb, requests: after - before, requestsWhenQuiet: atEnd - after };
  });
}

function readBare(server: BenchServer, site: SiteDescription, insert: boolean): Promise<number> {
  return withStarted(async (start) => {
    const { url } = await start(server.fresh());
    const bare = await start(startHelper(here('bare.ts')));
    const { documents, ms } = await bare.call<{ documents: number; ms: number }>('read', {
      site,
      url,
      pageSize,
      insert,
    });
    return (documents * 1_000) / ms;
  });
}
