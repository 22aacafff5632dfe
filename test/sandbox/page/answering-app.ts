import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSandbox } from '../../../sandbox/start.ts';

type Json = Record<string, unknown>;

/** What the app was sent: a form's parsed payload, or the fields of a command. */
export interface Received extends Json {
  type: string;
  actions?: { action_id: string; block_id: string; value?: string }[];
  trigger_id?: string;
  view?: { state: { values: Record<string, Record<string, { value: string }>> } };
}

export const scopes = ['chat:write', 'chat:write.public', 'commands'];

/** A sandbox with an app installed in it that notes what it is sent; `answer` may give a JSON answer. */
export async function startSandboxWithApp(answer: (received: Received) => unknown) {
  const received: Received[] = [];
  const app = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.headers['content-type'] === 'application/json') {
      response.end();
      return;
    }
    const form = new URLSearchParams(body);
    const payload = form.get('payload');
    const message: Received = payload ? JSON.parse(payload) : { type: 'command', ...Object.fromEntries(form) };
    received.push(message);
    const reply = await answer(message);
    if (reply !== undefined) response.setHeader('content-type', 'application/json');
    response.end(reply === undefined ? '' : JSON.stringify(reply));
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
  const sandbox = await startSandbox({
    appUrl: `http://127.0.0.1:${(app.address() as AddressInfo).port}`,
    scenario: {
      clockRuns: false,
      slack: { installedScopes: scopes, inviteBotTo: ['ap-approvals'], limits: 'off' },
      acumatica: { seedBills: 12 },
    },
  });
  const token = sandbox.slack.describe().botToken;

  async function call(method: string, body: Json): Promise<Json> {
    const response = await fetch(`${sandbox.url}/api/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const result = (await response.json()) as Json;
    if (result.ok !== true) throw new Error(`${method}: ${JSON.stringify(result)}`);
    return result;
  }

  async function stop(): Promise<void> {
    await sandbox.stop();
    app.closeAllConnections();
    app.close();
  }
  return { sandbox, received, call, stop };
}
