import type { AddressInfo } from 'node:net';
import express from 'express';
import { createIntacctSite, type IntacctSite, type SettingsChange } from '../../../sandbox/intacct/index.ts';

export interface Answer {
  status: number;
  type: string;
  text: string;
}

/** A company of its own behind a port of its own, with a clock that only the test moves. */
export class TestGateway {
  readonly site: IntacctSite;
  readonly #server;
  #time = Date.parse('2026-03-10T09:30:00.250Z');

  constructor(settings: SettingsChange = {}, seedBills = 30) {
    const app = express();
    this.#server = app.listen(0);
    this.site = createIntacctSite({
      baseUrl: () => this.root,
      path: '/intacct',
      now: () => this.#time,
      seedBills,
      settings,
    });
    app.use('/intacct', this.site.router);
    app.use('/admin/intacct', this.site.admin);
  }

  get root(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  now(): number {
    return this.#time;
  }

  pass(minutes: number): void {
    this.#time += minutes * 60_000;
  }

  async close(): Promise<void> {
    this.site.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Posts any body to the address to sign in at, or to another. */
  async post(
    body: string | Buffer<ArrayBuffer>,
    url = this.site.describe().url,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const headers = { 'Content-Type': 'application/xml' };
    const response = await fetch(url, { method: 'POST', headers, body, signal: signal ?? null });
    return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
  }

  async admin(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<unknown> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${this.root}/admin/intacct${path}`, { method, headers, ...sent });
    const text = await response.text();
    return text === '' ? response.status : (JSON.parse(text) as unknown);
  }

  login(userId = 'countersign', locationId?: string): string {
    const { companyId, users } = this.site.describe();
    const password = users.find((user) => user.userId === userId)?.password ?? '';
    const location = locationId === undefined ? '' : `<locationid>${locationId}</locationid>`;
    return `<login><userid>${userId}</userid><companyid>${companyId}</companyid><password>${password}</password>${location}</login>`;
  }

  control(more = '<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion>', controlId = 'poll-1'): string {
    const { senderId, senderPassword } = this.site.describe();
    return `<control><senderid>${senderId}</senderid><password>${senderPassword}</password><controlid>${controlId}</controlid>${more}</control>`;
  }

  /** Signs in and returns what a client then works with. */
  async session(userId?: string, locationId?: string): Promise<TestSession> {
    const location = locationId === undefined ? '' : `<locationid>${locationId}</locationid>`;
    const asked = `<getAPISession>${location}</getAPISession>`;
    const { text } = await this.post(request(this.control(), this.login(userId), [asked]));
    return new TestSession(this, only(text, 'sessionid'), only(text, 'endpoint'));
  }
}

/** A request whose functions have the control ids f1, f2 … */
export function request(control: string, authentication: string, functions: string[], operation = ''): string {
  const asked = functions.map((content, index) => `<function controlid="f${index + 1}">${content}</function>`);
  return `<?xml version="1.0" encoding="UTF-8"?><request>${control}<operation${operation}><authentication>${authentication}</authentication><content>${asked.join('')}</content></operation></request>`;
}

export class TestSession {
  readonly #gateway: TestGateway;
  readonly id: string;
  readonly endpoint: string;

  constructor(gateway: TestGateway, id: string, endpoint: string) {
    this.#gateway = gateway;
    this.id = id;
    this.endpoint = endpoint;
  }

  /** Sends functions in one request. */
  send(functions: string[], operation = '', control = this.#gateway.control()): Promise<Answer> {
    const authentication = `<sessionid>${this.id}</sessionid>`;
    return this.#gateway.post(request(control, authentication, functions, operation), this.endpoint);
  }

  async call(content: string): Promise<string> {
    return (await this.send([content])).text;
  }

  /** `query` for these fields, ordered by RECORDNO unless `more` says otherwise. */
  query(object: string, fields: string, filter = '', more = byNumber): Promise<string> {
    const select = fields.split(' ').map((field) => `<field>${field}</field>`);
    const condition = filter === '' ? '' : `<filter>${filter}</filter>`;
    return this.call(`<query><object>${object}</object><select>${select.join('')}</select>${condition}${more}</query>`);
  }

  readByQuery(object: string, fields: string, condition: string, pageSize = 100): Promise<string> {
    return this.call(
      `<readByQuery><object>${object}</object><fields>${fields}</fields><query>${condition}</query><pagesize>${pageSize}</pagesize></readByQuery>`,
    );
  }
}

export const byNumber =
  '<orderby><order><field>RECORDNO</field><ascending/></order></orderby><pagesize>2000</pagesize>';

/** A filter operator with its field and values. */
export function filter(operator: string, field: string, ...values: string[]): string {
  const list = values.map((value) => `<value>${value}</value>`).join('');
  return `<${operator}><field>${field}</field>${list}</${operator}>`;
}

/** The contents of every element of that name, as they stand in the text; attributes are allowed. */
export function all(text: string, name: string): string[] {
  const escaped = name.replaceAll('.', '\\.');
  return [...text.matchAll(new RegExp(`<${escaped}(?: [^>]*)?>([\\s\\S]*?)</${escaped}>`, 'g'))].map(
    ([, inner]) => inner ?? '',
  );
}

/** The content of the only element of that name. Throws where there are more or none. */
export function only(text: string, name: string): string {
  const [first, ...others] = all(text, name);
  if (first === undefined || others.length > 0) throw new Error(`not one ${name} in ${text}`);
  return first;
}

/** The attributes of the only `data` element. */
export function counts(text: string): Record<string, string> {
  const attributes = /<data ([^>]*)>/.exec(text)?.[1] ?? '';
  return Object.fromEntries(
    [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Status of each result with the numbers of its errors. */
export function results(text: string): string[] {
  return all(text, 'result').map((result) => [only(result, 'status'), ...all(result, 'errorno')].join(' '));
}
