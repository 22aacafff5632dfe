import { createConnectionPool } from '../../app/connections/open.ts';
import { type ReadFeedDeps, readFeed } from '../../app/documents/read-feed.ts';
import { createLog } from '../../app/log.ts';
import { createErpHttp } from '../../app/outbound/erp-http.ts';
import { openDatabase } from '../../app/storage/database.ts';
import { connectorById } from '../../connectors/index.ts';
import { joinProcesses } from '../support/lease.ts';
import { serve } from '../support/serve.ts';
import { keyring } from '../support/setup.ts';

/** The app's own reading, put together as the jobs do, in a process that does nothing else. */
let deps: ReadFeedDeps | undefined;

serve({
  async prepare(url: string) {
    const db = openDatabase(url, { max: 20, applicationName: 'bench reading' });
    const log = createLog({ level: 'warn', format: 'text', stream: process.stderr });
    const lease = await joinProcesses(db, log);
    const connections = createConnectionPool({ db, keyring, http: createErpHttp(), connectorById, processes: () => 1 });
    deps = { db, lease, connections, log };
  },
  async read(feedId: string) {
    if (!deps) throw new Error('not prepared');
    const startedAt = performance.now();
    await readFeed(deps, feedId, new AbortController().signal);
    return { ms: performance.now() - startedAt, maxRssMb: process.resourceUsage().maxRSS / 1024 };
  },
});
