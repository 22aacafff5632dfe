import { startSandbox } from '../../sandbox/start.ts';
import { serve } from '../support/serve.ts';

/** The simulated Intacct as a process of its own, which counts what it is asked as the vendor meters it. */
const { intacct } = await startSandbox({
  scenario: { clockRuns: false, acumatica: { seedBills: 0 }, intacct: { seedBills: 0 } },
});
const day = new Date().toISOString().slice(0, 10);

serve({
  describe: () => ({ ...intacct.describe(), day }),
  /** Posted entries of today, until there are so many. Gives their keys. */
  post(count: number) {
    for (let made = intacct.ledger.size('GLBATCH'); made < count; made += 1) {
      const [journal, module] = made % 3 === 0 ? (['CMJ', '11.CM'] as const) : (['GJ', '2.GL'] as const);
      intacct.maker.entry({ state: 'P', day, journal, module, quiet: true, more: { MEGAENTITYKEY: null } });
    }
    return [...intacct.ledger.rows('GLBATCH')].slice(0, 1_000).map(({ RECORDNO }) => String(RECORDNO));
  },
  counted: () => {
    const { requests, metered } = intacct.counters as { requests: number; metered: number };
    return { requests, metered };
  },
});
