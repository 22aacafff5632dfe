import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';

export type Json = Record<string, unknown>;

export const approvals = 'C0APAPPROV';
export const treasury = 'C0TREASURY';
export const director = 'U0FINDIR01';
export const clerk = 'U0APCLRK03';

type SlackScenario = NonNullable<NonNullable<Parameters<typeof startSandbox>[0]>['scenario']>['slack'];

/** A sandbox without a clock, with the app installed and in #ap-approvals, unless `slack` says otherwise. */
export function startQuietSandbox(slack: SlackScenario = {}): Promise<Sandbox> {
  return startSandbox({
    scenario: {
      clockRuns: false,
      acumatica: { seedBills: 1 },
      slack: { installedScopes: ['chat:write', 'commands'], inviteBotTo: ['ap-approvals'], limits: 'off', ...slack },
    },
  });
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: Json;
}

/** Calls a Web API method as a form, with nested values as JSON. */
export async function callApi(sandbox: Sandbox, method: string, fields: Json, token?: string): Promise<ApiAnswer> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const bearer = token ?? sandbox.slack.describe().botToken ?? '';
  const response = await fetch(`${sandbox.url}/api/${method}`, {
    method: 'POST',
    headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    body: form,
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}

/** Sends JSON to a client or admin address. */
export async function send(sandbox: Sandbox, path: string, body: Json = {}, method = 'POST') {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

export function payloadOf(received: Received | undefined): Json {
  return JSON.parse(new URLSearchParams(received?.body).get('payload') ?? '{}');
}

/** Stands in for the app: notes what it is sent and answers as told. */
export class AppDouble {
  readonly received: Received[] = [];
  answer: (received: Received) => { status?: number; body?: string; headers?: Record<string, string> } | 'never' =
    () => ({});
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const received = { headers: request.headers, body };
        this.received.push(received);
        const answer = this.answer(received);
        if (answer === 'never') return;
        response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '');
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/slack/events`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Waits until the condition holds; throws after two seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 2000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const section = (text: string): Json => ({ type: 'section', text: { type: 'mrkdwn', text } });
export const button = (actionId: string, value: string): Json => ({
  type: 'button',
  action_id: actionId,
  value,
  text: { type: 'plain_text', text: 'Approve' },
});
export const modal = (more: Json = {}): Json => ({
  type: 'modal',
  title: { type: 'plain_text', text: 'Reject' },
  blocks: [section('Why?')],
  ...more,
});
