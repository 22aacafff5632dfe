import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { waitUntil } from '../support/wait.ts';

type Json = Record<string, unknown>;

describe('Socket Mode of the simulated Slack', () => {
  let sandbox: Sandbox;
  const clients: WebSocket[] = [];
  before(async () => {
    const slack = {
      socketMode: true,
      ackTimeoutMs: 300,
      installedScopes: ['chat:write', 'commands'],
      eventRetryDelaysMs: [10],
    };
    sandbox = await startSandbox({ scenario: { clockRuns: false, acumatica: { seedBills: 0 }, slack } });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  after(() => sandbox?.stop());

  const openConnection = async (token: string | null) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(`${sandbox.url}/api/apps.connections.open`, { method: 'POST', headers });
    return (await response.json()) as { ok: boolean; url?: string; error?: string };
  };
  const appToken = () => sandbox.slack.describe().appToken;
  /** A client that notes what it hears and answers as told. */
  const connect = async (answer: (message: Json) => Json | undefined = () => undefined) => {
    const { url } = await openConnection(appToken());
    const heard: Json[] = [];
    const client = new WebSocket(url ?? '');
    clients.push(client);
    client.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Json;
      heard.push(message);
      const payload = message.envelope_id ? answer(message) : undefined;
      if (payload) client.send(JSON.stringify({ envelope_id: message.envelope_id, payload }));
    });
    await waitUntil(() => heard.length > 0 || client.readyState === WebSocket.CLOSED, { what: 'hello' });
    return { client, heard };
  };

  it('gives an address to the app-level token alone', async () => {
    expect((await openConnection(null)).error).to.equal('not_authed');
    expect((await openConnection(sandbox.slack.describe().botToken)).error).to.equal('not_allowed_token_type');
    expect((await openConnection('xapp-other')).error).to.equal('invalid_auth');
    expect((await openConnection(appToken())).url).to.match(/^ws:\/\/localhost:\d+\/link\/\?ticket=/);
  });

  it('says hello, and lets an address be used once', async () => {
    const { client, heard } = await connect();
    expect(heard[0]).to.deep.include({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0CNTRSIGN' } });
    const again = new WebSocket(client.url);
    await waitUntil(() => again.readyState === WebSocket.CLOSED, { what: 'the second use is refused' });
  });

  it('sends commands as envelopes and shows what the acknowledgement says', async () => {
    const { heard } = await connect(() => ({ text: 'All is well.' }));
    const result = await sandbox.slack.command({
      user: 'U0FINDIR01',
      channel: 'general',
      command: '/erp',
      text: 'status é',
    });
    expect(result).to.include({ acked: true });
    expect(JSON.parse(result.answer)).to.deep.equal({ text: 'All is well.' });
    expect(heard[1]).to.deep.include({ type: 'slash_commands', accepts_response_payload: true });
    expect(heard[1]?.payload).to.include({ command: '/erp', text: 'status é', is_enterprise_install: 'false' });
  });

  it('sends an event again, saying so, when nobody acknowledges it in time', async () => {
    const { heard } = await connect((message) => (message.retry_attempt === 1 ? {} : undefined));
    sandbox.slack.openHome('U0FINDIR01');
    await waitUntil(() => heard.length === 3, { what: 'the event and its retry' });
    expect(heard[1]).to.deep.include({
      type: 'events_api',
      retry_attempt: 0,
      retry_reason: '',
      accepts_response_payload: false,
    });
    expect(heard[2]).to.deep.include({ retry_attempt: 1, retry_reason: 'timeout', payload: heard[1]?.payload });
    expect(heard[2]?.envelope_id).not.to.equal(heard[1]?.envelope_id);
  });

  it('takes long messages', async () => {
    const text = 'x'.repeat(70_000);
    await connect(() => ({ text }));
    const result = await sandbox.slack.command({ user: 'U0FINDIR01', channel: 'general', command: '/erp' });
    expect(JSON.parse(result.answer).text).to.have.length(70_000);
  });

  it('has room for ten, asks them to come again, and to go when it is switched off', async () => {
    const ten = await Promise.all(Array.from({ length: 10 }, () => connect()));
    const eleventh = await connect();
    expect(eleventh.heard[0]).to.include({ type: 'disconnect', reason: 'too_many_websockets' });
    sandbox.slack.state.sockets.trouble('refresh');
    const askedFor = (reason: string) =>
      waitUntil(() => ten.every(({ heard }) => heard.at(-1)?.reason === reason), { what: `all are asked: ${reason}` });
    await askedFor('refresh_requested');
    const headers = { 'content-type': 'application/json' };
    const switchTo = (socketMode: boolean) =>
      fetch(`${sandbox.url}/admin/slack/sockets`, { method: 'POST', headers, body: JSON.stringify({ socketMode }) });
    await switchTo(false);
    await askedFor('link_disabled');
    expect((await openConnection(appToken())).error).to.equal('invalid_auth');
    await switchTo(true);
  });
});
