import { createErpHttp } from '../../app/outbound/erp-http.ts';
import type { ErpConnection } from '../../connectors/connector.ts';
import { intacct } from '../../connectors/intacct/index.ts';
import { serve } from '../support/serve.ts';

/** The connector's own reading of a ledger, in a process that does nothing else. */
let connection: ErpConnection | undefined;
const { signal } = new AbortController();

function opened(): ErpConnection {
  if (!connection) throw new Error('not prepared');
  return connection;
}

serve({
  /** Signs in, so that this is no part of what is measured. */
  async prepare(entered: Record<string, unknown>) {
    let held: Record<string, unknown> | null = null;
    connection = intacct.connect({
      credentials: intacct.credentials.parse(entered),
      http: createErpHttp(),
      state: {
        read: async () => held,
        change: async (next) => {
          held = await next(held);
          return held;
        },
      },
      now: Date.now,
    });
    await connection.test(signal);
    await connection.get('journal', '1', signal);
  },
  async summary(day: string) {
    const startedAt = performance.now();
    const made = await opened().postings?.({ name: 'today', start: day, end: day }, signal);
    const entries = made?.groups.reduce((sum, group) => sum + group.entries, 0) ?? 0;
    return { entries, ms: performance.now() - startedAt, maxRssMb: process.resourceUsage().maxRSS / 1024 };
  },
  /** The same figures out of each entry by itself. */
  async oneByOne(keys: string[]) {
    const startedAt = performance.now();
    for (const key of keys) await opened().get('journal', key, signal);
    return { ms: performance.now() - startedAt };
  },
});
