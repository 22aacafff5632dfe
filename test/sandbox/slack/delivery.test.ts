import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import {
  AppDouble,
  approvals,
  button,
  callApi,
  clerk,
  director,
  payloadOf,
  type Received,
  send,
  startQuietSandbox,
  until,
} from './support.ts';

function isSigned({ headers, body }: Received, secret: string): boolean {
  const timestamp = headers['x-slack-request-timestamp'];
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return headers['x-slack-signature'] === `v0=${digest}` && Math.abs(Number(timestamp) - Date.now() / 1000) < 5;
}

describe('what the simulated Slack sends to the app', () => {
  let sandbox: Sandbox;
  let app: AppDouble;
  let requestUrl: string;
  beforeEach(async () => {
    app = new AppDouble();
    requestUrl = await app.start();
    sandbox = await startQuietSandbox({ requestUrl, eventRetryDelaysMs: [0, 20, 40], ackTimeoutMs: 100 });
  });
  afterEach(async () => {
    await sandbox.stop();
    await app.stop();
  });
  const bodies = () => app.received.map(({ body }) => JSON.parse(body));

  it('signs an event and envelops it', async () => {
    await send(sandbox, '/client/home/open', { user: director });
    await until(() => app.received.length === 1);
    const [received] = app.received as [Received];
    expect(received.headers['content-type']).to.equal('application/json');
    expect(isSigned(received, sandbox.slack.describe().signingSecret)).to.equal(true);
    expect(isSigned(received, 'another')).to.equal(false);
    expect(bodies()[0]).to.deep.include({ type: 'event_callback', team_id: 'T0NORTHWND', api_app_id: 'A0CNTRSIGN' });
    expect(bodies()[0].event).to.include({ type: 'app_home_opened', user: director, tab: 'home' });
    expect(bodies()[0].authorizations).to.deep.equal([
      { enterprise_id: null, team_id: 'T0NORTHWND', user_id: 'U0CNTRBOT7', is_bot: true, is_enterprise_install: false },
    ]);
  });

  it('repeats an event three times, with the reason and the same id', async () => {
    app.answer = () => (app.received.length === 2 ? 'never' : { status: 500 });
    sandbox.slack.openHome(director);
    await until(() => app.received.length === 4);
    expect(new Set(bodies().map(({ event_id }) => event_id)).size).to.equal(1);
    const retries = app.received.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]);
    expect(retries).to.deep.equal([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_timeout'],
      ['3', 'http_error'],
    ]);
  });

  it('stops repeating once taken, or when told not to', async () => {
    app.answer = () => (app.received.length === 1 ? { status: 500 } : {});
    sandbox.slack.openHome(director);
    await until(() => sandbox.slack.state.events.records().length === 2);
    app.answer = () => ({ status: 500, headers: { 'x-slack-no-retry': '1' } });
    sandbox.slack.openHome(clerk);
    await until(() => sandbox.slack.state.events.records().length === 3);
    expect(sandbox.slack.state.events.records().map(({ acked }) => acked)).to.deep.equal([false, true, false]);
  });

  it('sends only events that the app subscribes to and may read', async () => {
    sandbox.slack.setArchived('general', true);
    sandbox.slack.post({ user: clerk, channel: approvals, text: 'hello' });
    await send(sandbox, '/admin/slack/app', {
      requestUrl,
      force: true,
      botEvents: ['message.channels', 'app_mention'],
    });
    sandbox.slack.post({ user: clerk, channel: approvals, text: 'unread: the scope is missing' });
    sandbox.slack.install(['channels:history', 'app_mentions:read']);
    sandbox.slack.post({ user: clerk, channel: approvals, text: '<@U0CNTRBOT7> hello' });
    await until(() => app.received.length === 2);
    expect(bodies().map(({ event }) => event.type)).to.have.members(['message', 'app_mention']);
    expect(bodies()[0].event).to.include({ user: clerk, channel: approvals, text: '<@U0CNTRBOT7> hello' });
  });

  it('checks a request URL by a challenge before it is used', async () => {
    const before = await send(sandbox, '/admin/slack/app', { requestUrl: `${requestUrl}2` });
    expect(before.status).to.equal(400);
    expect(sandbox.slack.describe().requestUrl).to.equal(requestUrl);
    app.answer = ({ body }) => ({ body: JSON.parse(body).challenge });
    const after = await send(sandbox, '/admin/slack/app', { requestUrl: `${requestUrl}2` });
    expect(after.body).to.deep.equal({ verified: true, requestUrl: `${requestUrl}2` });
  });

  it('sends a slash command as an exact form and shows the answer to that person', async () => {
    app.answer = () => ({ body: JSON.stringify({ text: 'all is well' }) });
    const { body } = await send(sandbox, '/client/commands', {
      user: clerk,
      channel: approvals,
      command: '/erp',
      text: 'status',
    });
    expect(body).to.include({ acked: true, status: 200 });
    const [received] = app.received as [Received];
    expect(received.headers['content-type']).to.equal('application/x-www-form-urlencoded');
    expect(isSigned(received, sandbox.slack.describe().signingSecret)).to.equal(true);
    const form = Object.fromEntries(new URLSearchParams(received.body));
    expect(form).to.include({
      command: '/erp',
      text: 'status',
      user_id: clerk,
      channel_id: approvals,
      channel_name: 'ap-approvals',
      is_enterprise_install: 'false',
    });
    expect(form).to.include.keys('trigger_id', 'response_url', 'team_id', 'api_app_id');
    const seen = sandbox.slack.visibleMessages(approvals, clerk);
    expect(seen.map(({ text, ephemeral }) => [text, ephemeral])).to.deep.equal([['all is well', true]]);
    expect(sandbox.slack.visibleMessages(approvals, director)).to.have.length(0);
  });

  it('sends a click again, byte for byte, and any other payload', async () => {
    const blocks = [{ type: 'actions', block_id: 'b', elements: [button('approve', '42')] }];
    const { ts } = (await callApi(sandbox, 'chat.postMessage', { channel: approvals, text: 'x', blocks })).body;
    const place = { user: clerk, channel: approvals, message_ts: ts, action_id: 'approve' };
    const twice = (await send(sandbox, '/admin/slack/clicks', { ...place, times: 2 })).body;
    expect(twice.acks).to.have.length(2);
    expect((await send(sandbox, '/admin/slack/redeliver')).body).to.have.length(1);
    expect(new Set(app.received.map(({ body }) => body)).size).to.equal(1);
    expect(payloadOf(app.received[2])).to.include({ type: 'block_actions' });
    app.answer = () => ({ status: 401 });
    const raw = { body: '{"type":"odd"}', badSignature: true, ageSeconds: 600 };
    expect((await send(sandbox, '/admin/slack/deliver', raw)).body).to.include({ acked: false, status: 401 });
    expect(isSigned(app.received[3] as Received, sandbox.slack.describe().signingSecret)).to.equal(false);
  });
});
