import type { DocumentKind } from '../../../app/domain/document.ts';
import { createErpHttp } from '../../../app/outbound/erp-http.ts';
import type { Cursor, ErpConnection, Page } from '../../../connectors/connector.ts';
import { intacct } from '../../../connectors/intacct/index.ts';
import type { SettingsChange } from '../../../sandbox/intacct/index.ts';
import { type RunningIntacct, startIntacct } from '../intacct-site.ts';
import { createMemoryState, type MemoryState } from '../memory-state.ts';

const { signal } = new AbortController();

/** A simulated company with a clock that only the test moves, and connections to it that share one state. */
export class Company {
  readonly running: RunningIntacct;
  readonly state: MemoryState = createMemoryState();
  /** Calls that the connections said they spend, one number a request. */
  readonly spent: number[] = [];
  readonly #http = createErpHttp();
  readonly #clock: { at: number };

  private constructor(running: RunningIntacct, clock: { at: number }) {
    this.running = running;
    this.#clock = clock;
  }

  static async start({ settings = {}, seedBills = 0 }: { settings?: SettingsChange; seedBills?: number } = {}) {
    const clock = { at: Date.parse('2026-03-10T09:30:00Z') };
    return new Company(await startIntacct({ seedBills, settings, now: () => clock.at }), clock);
  }

  get site() {
    return this.running.site;
  }

  pass(minutes: number): void {
    this.#clock.at += minutes * 60_000;
  }

  now(): number {
    return this.#clock.at;
  }

  /** `onTheWay` sees each body that is sent, and may send another one. */
  connect(
    entered: Record<string, unknown> = {},
    state = this.state,
    onTheWay = (body: string): string => body,
  ): ErpConnection {
    return intacct.connect({
      credentials: intacct.credentials.parse({ ...this.running.credentials, ...entered }),
      http: { request: ({ body, ...request }) => this.#http.request({ ...request, body: onTheWay(String(body)) }) },
      state,
      now: () => this.#clock.at,
      meter: { spend: async (calls) => void this.spent.push(calls) },
    });
  }

  async pages(connection: ErpConnection, cursor: Cursor | null = null, kind: DocumentKind = 'bill'): Promise<Page[]> {
    const pages: Page[] = [];
    for await (const page of connection.read(kind, cursor, signal)) pages.push(page);
    return pages;
  }

  async get(key: number, connection = this.connect(), kind: DocumentKind = 'bill') {
    return connection.get(kind, String(key), signal);
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.#http.close();
  }
}

export const keysOf = (pages: readonly Page[]): number[] =>
  pages.flatMap(({ documents }) => documents.map(({ key }) => Number(key)));
