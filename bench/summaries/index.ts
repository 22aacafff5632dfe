import { atMost, type Figure } from '../support/figures.ts';
import { startHelper } from '../support/helper.ts';
import type { BenchServer } from '../support/postgres.ts';
import { withStarted } from '../support/stack.ts';
import { startFlags } from '../support/start-flags.ts';

const here = (name: string) => new URL(name, import.meta.url);
const few = 1_000;
const section = 'summaries';

interface Counted {
  requests: number;
  metered: number;
}
interface Made {
  entries: number;
  ms: number;
  maxRssMb: number;
}

/** A summary of Intacct's ledger: what it costs, by the simulator's count, and that its memory does not grow. */
export async function measureSummaries(_server: BenchServer, quick: boolean): Promise<Figure[]> {
  const many = quick ? 10_000 : 100_000;
  return withStarted(async (start) => {
    const company = await start(startHelper(here('company.ts')));
    const keys = await company.call<string[]>('post', few);
    const { day, credentials } = await describe(company.call);
    const make = (entries: number) =>
      withStarted(async (open) => {
        const reader = await open(startHelper(here('reader.ts'), startFlags()));
        await reader.call('prepare', credentials);
        const summary = await spent(company.call, () => reader.call<Made>('summary', day));
        if (summary.result.entries !== entries)
          throw new Error(`${entries} entries, counted ${summary.result.entries}`);
        const single =
          entries === few ? await spent(company.call, () => reader.call<{ ms: number }>('oneByOne', keys)) : null;
        return { summary, single };
      });
    const { summary: small, single } = await make(few);
    await company.call('post', many);
    const { summary: large } = await make(many);
    const name = `summary of ${few.toLocaleString('en')} entries`;
    const byOne = (value: number | undefined) => ({ name: 'each entry by itself', value: value ?? Number.NaN });
    const memory = small.result.maxRssMb;
    return [
      {
        section,
        name: `${name}: billed calls`,
        value: small.metered,
        unit: '',
        baseline: byOne(single?.metered),
        aim: atMost(small.metered, 3),
      },
      {
        section,
        name: `${name}: round trips`,
        value: small.requests,
        unit: '',
        baseline: byOne(single?.requests),
        aim: atMost(small.requests, 3),
      },
      {
        section,
        name: `${name}: time`,
        value: small.result.ms,
        unit: 'ms',
        baseline: byOne(single?.result.ms),
        aim: null,
      },
      {
        section,
        name: `peak memory at ${few.toLocaleString('en')} entries`,
        value: memory,
        unit: 'MiB',
        baseline: null,
        aim: atMost(memory, 200),
      },
      {
        ...{
          section,
          name: `peak memory at ${many.toLocaleString('en')} entries`,
          value: large.result.maxRssMb,
          unit: 'MiB',
        },
        baseline: { name: `at ${few.toLocaleString('en')}`, value: memory },
        aim: { text: '≤ 200, within 30 %', met: large.result.maxRssMb <= Math.min(200, 1.3 * memory) },
      },
    ] satisfies Figure[];
  });
}

type Call = ReturnType<typeof startHelper>['call'];

async function describe(call: Call) {
  type Site = {
    url: string;
    senderId: string;
    senderPassword: string;
    companyId: string;
    day: string;
    users: Array<{ userId: string; password: string; role: string }>;
  };
  const site = await call<Site>('describe');
  const user = site.users.find(({ role }) => role === 'service');
  const credentials = {
    ...{ gateway: site.url, sender_id: site.senderId, sender_password: site.senderPassword },
    ...{ company_id: site.companyId, user_id: user?.userId, password: user?.password },
  };
  return { day: site.day, credentials };
}

/** What the simulator counted meanwhile. */
async function spent<T>(call: Call, run: () => Promise<T>): Promise<Counted & { result: T }> {
  const before = await call<Counted>('counted');
  const result = await run();
  const after = await call<Counted>('counted');
  return { result, requests: after.requests - before.requests, metered: after.metered - before.metered };
}
