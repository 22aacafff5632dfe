import type { AddressInfo } from 'node:net';
import express from 'express';
import { type AcumaticaSite, createAcumaticaSite, type SettingsChange } from '../../../sandbox/acumatica/index.ts';

/** A record as it comes over the wire. */
export interface WireRecord {
  id: string;
  rowNumber: number;
  [field: string]: unknown;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: () => unknown;
}

/** A site of its own on a port of its own, with a clock that only the test moves. */
export class TestSite {
  readonly site: AcumaticaSite;
  readonly #server;
  #time = Date.parse('2026-03-10T09:30:00.250Z');

  constructor(settings: SettingsChange = {}, seedBills = 0) {
    const app = express();
    this.#server = app.listen(0);
    this.site = createAcumaticaSite({
      baseUrl: () => `http://localhost:${(this.#server.address() as AddressInfo).port}`,
      path: '/AcumaticaERP',
      seedBills,
      now: () => this.#time,
      settings,
    });
    app.use('/AcumaticaERP', this.site.router);
    app.use('/admin/acumatica', this.site.admin);
  }

  get root(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  pass(ms: number): void {
    this.#time += ms;
  }

  now(): number {
    return this.#time;
  }

  async close(): Promise<void> {
    this.site.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async call(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.root}${path}`, { redirect: 'manual', ...init });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown };
  }

  admin(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Answer> {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    return this.call(`/admin/acumatica${path}`, { method, ...sent });
  }

  token(fields: Record<string, string>): Promise<Answer> {
    const { clientId, clientSecret } = this.site.describe();
    const form = { client_id: clientId, client_secret: clientSecret, ...fields };
    return this.call('/AcumaticaERP/identity/connect/token', { method: 'POST', body: new URLSearchParams(form) });
  }

  passwordGrant(username = 'countersign', scope = 'api offline_access'): Promise<Answer> {
    const user = this.site.describe().users.find((candidate) => candidate.username === username);
    return this.token({ grant_type: 'password', username, password: user?.password ?? '', scope });
  }

  /** Signs in and returns what a client then works with. */
  async client(username?: string, scope?: string): Promise<TestClient> {
    const answer = (await this.passwordGrant(username, scope)).json() as { access_token: string };
    return new TestClient(this, { Authorization: `Bearer ${answer.access_token}` });
  }
}

/** Somebody signed in, in one version of the endpoint. */
export class TestClient {
  readonly #site: TestSite;
  readonly #headers: Record<string, string>;

  constructor(site: TestSite, headers: Record<string, string>) {
    this.#site = site;
    this.#headers = headers;
  }

  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    version = '24.200.001',
    signal: AbortSignal | null = null,
  ): Promise<Answer> {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.#site.call(`/AcumaticaERP/entity/Default/${version}/${path}`, {
      method,
      signal,
      headers: { 'Content-Type': 'application/json', ...this.#headers, ...headers },
      ...content,
    });
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  async list(entity: string, options: Record<string, string> = {}): Promise<WireRecord[]> {
    return (await this.get(`${entity}?${new URLSearchParams(options)}`)).json() as WireRecord[];
  }

  /** The reference numbers that a filter finds. */
  async refs(filter: string): Promise<string[]> {
    return (await this.list('Bill', { $filter: filter })).map((bill) => fieldOf(bill, 'ReferenceNbr') as string);
  }

  act(action: string, ref: string, reason?: string, signal: AbortSignal | null = null): Promise<Answer> {
    const entity = { Type: { value: 'Bill' }, ReferenceNbr: { value: ref } };
    const Reason = { type: 'CustomStringField', value: reason };
    const parameters = reason === undefined ? {} : { custom: { ReasonApproveRejectParams: { Reason } } };
    return this.send('POST', `Bill/${action}`, { entity, parameters }, {}, '24.200.001', signal);
  }

  /** Asks for the state of a long operation until it is over. */
  async finish(started: Answer): Promise<Answer> {
    const location = started.headers.get('location') ?? '';
    for (;;) {
      const answer = await this.#site.call(location, { headers: this.#headers });
      if (answer.status !== 202) return answer;
    }
  }
}

export function fieldOf(record: WireRecord | undefined, field: string): unknown {
  return (record?.[field] as { value?: unknown } | undefined)?.value;
}

/** The words of the exception in an answer. */
export function exceptionOf(answer: Answer): string {
  return String((answer.json() as { exceptionMessage?: unknown }).exceptionMessage);
}
