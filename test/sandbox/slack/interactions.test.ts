import { expect } from 'chai';
import type { StreamEvent } from '../../../sandbox/slack/streams.ts';
import type { Sandbox } from '../../../sandbox/start.ts';
import {
  AppDouble,
  approvals,
  button,
  callApi,
  clerk,
  director,
  type Json,
  payloadOf,
  section,
  send,
  startQuietSandbox,
} from './support.ts';

describe('clicks in the simulated Slack', () => {
  let sandbox: Sandbox;
  let app: AppDouble;
  let ts: string;
  const blocks = [
    section('A bill'),
    {
      type: 'actions',
      block_id: 'decide',
      elements: [
        button('approve', '42'),
        {
          type: 'static_select',
          action_id: 'reason',
          options: [{ text: { type: 'plain_text', text: 'Too much' }, value: 'amount' }],
        },
        { type: 'button', action_id: 'open', text: { type: 'plain_text', text: 'Open' }, url: 'https://erp.example/1' },
      ],
    },
  ];
  beforeEach(async () => {
    app = new AppDouble();
    const requestUrl = await app.start();
    sandbox = await startQuietSandbox({ requestUrl, ackTimeoutMs: 150, responseUrlLifeMs: 60_000 });
    const post = await callApi(sandbox, 'chat.postMessage', { channel: approvals, text: 'A bill', blocks });
    ts = String(post.body.ts);
  });
  afterEach(async () => {
    await sandbox.stop();
    await app.stop();
  });
  const click = (actionId: string, more: Json = {}) =>
    send(sandbox, '/client/actions', { user: clerk, channel: approvals, message_ts: ts, action_id: actionId, ...more });

  it('sends the button with its message, place and person', async () => {
    const { body } = await click('approve');
    expect(body).to.include({ acked: true, status: 200 });
    expect(body.ms).to.be.within(0, 150);
    const payload = payloadOf(app.received[0]);
    expect(payload).to.deep.include({
      type: 'block_actions',
      user: { id: clerk, username: 'jonas.lindqvist', name: 'jonas.lindqvist', team_id: 'T0NORTHWND' },
      team: { id: 'T0NORTHWND', domain: 'northwind-finance' },
      container: { type: 'message', message_ts: ts, channel_id: approvals, is_ephemeral: false },
      channel: { id: approvals, name: 'ap-approvals' },
    });
    expect(payload.message).to.include({ ts, text: 'A bill', bot_id: 'B0CNTRSIGN' });
    expect((payload.actions as Json[])[0]).to.include({
      action_id: 'approve',
      block_id: 'decide',
      type: 'button',
      value: '42',
    });
    expect(sandbox.slack.counters.summary().acks.count).to.equal(1);
  });

  it('sends what was selected, and link buttons too', async () => {
    await click('reason', { value: 'amount' });
    const selected_option = { text: { type: 'plain_text', text: 'Too much' }, value: 'amount' };
    const payload = payloadOf(app.received[0]);
    expect((payload.actions as Json[])[0]).to.deep.include({ type: 'static_select', selected_option });
    expect(payload.state).to.deep.equal({ values: { decide: { reason: { type: 'static_select', selected_option } } } });
    expect((await click('reason', { value: 'nothing' })).status).to.equal(400);
    expect((await click('open')).body).to.include({ acked: true, url: 'https://erp.example/1' });
  });

  it('knows only controls that are there, for those who see them', async () => {
    expect((await click('release')).status).to.equal(404);
    expect((await click('approve', { message_ts: '1.000001' })).status).to.equal(404);
    await callApi(sandbox, 'chat.update', { channel: approvals, ts, text: 'Approved' });
    expect((await click('approve')).status).to.equal(404);
    const only = { channel: approvals, user: director, text: 'x', blocks };
    const { message_ts } = (await callApi(sandbox, 'chat.postEphemeral', only)).body;
    expect((await click('approve', { message_ts })).status).to.equal(404);
    expect((await click('approve', { message_ts, user: director })).body.acked).to.equal(true);
    const payload = payloadOf(app.received[0]);
    expect(payload).to.not.have.property('message');
    expect(payload.container).to.include({ is_ephemeral: true });
  });

  it('tells the person when the app does not answer', async () => {
    const heard: StreamEvent[] = [];
    sandbox.slack.state.streams.subscribe(clerk, (event) => heard.push(event));
    app.answer = () => 'never';
    expect((await click('approve')).body).to.include({ acked: false, status: null, failure: 'http_timeout' });
    app.answer = () => ({ status: 404 });
    expect((await click('approve')).body).to.include({ acked: false, status: 404 });
    expect(heard.map(({ type, data }) => [type, data.text])).to.deep.equal([
      ['notice', 'The app did not answer within three seconds.'],
      ['notice', 'The app did not take it: http_error (HTTP 404).'],
    ]);
    expect(sandbox.slack.counters.unacked).to.equal(2);
  });

  it('lets a response_url be used five times', async () => {
    await click('approve');
    const url = String(payloadOf(app.received[0]).response_url);
    const answer = (body: Json) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await answer({ text: 'only you' })).status).to.equal(200);
    expect((await answer({ text: 'everyone', response_type: 'in_channel' })).status).to.equal(200);
    expect((await answer({ text: 'replaced', replace_original: true })).status).to.equal(200);
    const seen = sandbox.slack.visibleMessages(approvals, clerk);
    expect(seen.map(({ text, ephemeral }) => [text, ephemeral])).to.deep.equal([
      ['replaced', false],
      ['only you', true],
      ['everyone', false],
    ]);
    await answer({ text: 'x' });
    await answer({ delete_original: true });
    const sixth = await answer({ text: 'x' });
    expect([sixth.status, await sixth.json()]).to.deep.equal([404, { ok: false, error: 'used_url' }]);
  });

  it('streams to each person what they would see', async () => {
    const stop = new AbortController();
    const response = await fetch(`${sandbox.url}/client/stream?user=${director}`, { signal: stop.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    await callApi(sandbox, 'chat.postEphemeral', { channel: approvals, user: clerk, text: 'hidden' });
    await callApi(sandbox, 'chat.postMessage', { channel: approvals, text: 'shown' });
    let text = '';
    while (!text.includes('"shown"')) text += (await reader.read()).value;
    expect(text)
      .to.match(/event: message\ndata: \{.*"shown".*\}\n\n/)
      .and.not.include('hidden');
    stop.abort();
  });
});
