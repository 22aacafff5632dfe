import { createErpHttp } from '../../../app/outbound/erp-http.ts';
import type { ErpHttp } from '../../../app/outbound/http.ts';
import { acumatica } from '../../../connectors/acumatica/index.ts';
import type { Cursor, ErpConnection, Page } from '../../../connectors/connector.ts';
import { type RunningSite, startSite } from '../acumatica-site.ts';
import { createMemoryState, type MemoryState } from '../memory-state.ts';

export const { signal } = new AbortController();

export interface Bench extends RunningSite {
  state: MemoryState;
  /** A connection as another process would open it; all of a bench share their state. */
  connect(entered?: Record<string, unknown>, state?: MemoryState): ErpConnection;
}

/** A running site with a way to connect to it. `timeoutMs` shortens the patience of every request. */
export async function openBench(
  options: Parameters<typeof startSite>[0] = {},
  { timeoutMs, now = Date.now }: { timeoutMs?: number; now?: () => number } = {},
): Promise<Bench> {
  const running = await startSite(options);
  const http = createErpHttp();
  const hurried: ErpHttp = {
    request: (request) => http.request(timeoutMs === undefined ? request : { ...request, timeoutMs }),
  };
  const state = createMemoryState();
  return {
    ...running,
    state,
    connect: (entered = {}, shared = state) =>
      acumatica.connect({
        credentials: acumatica.credentials.parse({ ...running.credentials, ...entered }),
        http: hurried,
        state: shared,
        now,
      }),
    async close() {
      await running.close();
      await http.close();
    },
  };
}

export async function readAll(connection: ErpConnection, cursor: Cursor | null = null): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of connection.read('bill', cursor, signal)) pages.push(page);
  return pages;
}

export const documentsOf = (pages: Page[]) => pages.flatMap(({ documents }) => documents);
export const keysOf = (pages: Page[]) =>
  documentsOf(pages)
    .map(({ key }) => key)
    .sort();
