import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import {
  AppDouble,
  approvals,
  callApi,
  clerk,
  director,
  modal,
  payloadOf,
  send,
  startQuietSandbox,
  treasury,
} from './support.ts';

describe('message shortcuts of the simulated Slack', () => {
  const app = new AppDouble();
  let sandbox: Sandbox;
  let ts = '';
  before(async () => {
    const requestUrl = await app.start();
    const shortcuts = [{ name: 'Show history', callbackId: 'show_history' }];
    sandbox = await startQuietSandbox({ requestUrl, shortcuts });
    const posted = await callApi(sandbox, 'chat.postMessage', { channel: approvals, text: 'a card' });
    ts = String(posted.body.ts);
  });
  after(async () => {
    await sandbox.stop();
    await app.stop();
  });
  beforeEach(() => {
    app.received.length = 0;
  });

  const use = (more: object = {}) =>
    send(sandbox, '/client/shortcuts', {
      user: clerk,
      channel: approvals,
      message_ts: ts,
      callback_id: 'show_history',
      ...more,
    });

  it('send the message with who used it, and a trigger that opens a modal once', async () => {
    expect((await use()).body).to.include({ acked: true });
    const payload = payloadOf(app.received[0]);
    expect(payload).to.deep.include({ type: 'message_action', callback_id: 'show_history', message_ts: ts });
    expect(payload.channel).to.deep.equal({ id: approvals, name: 'ap-approvals' });
    expect(payload.message).to.deep.include({ type: 'message', text: 'a card', ts });
    expect(payload.user).to.have.keys('id', 'name', 'team_id');
    expect(payload).to.not.have.property('api_app_id');
    const opened = await callApi(sandbox, 'views.open', { trigger_id: payload.trigger_id, view: modal() });
    expect(opened.body.ok).to.equal(true);
    const again = await callApi(sandbox, 'views.open', { trigger_id: payload.trigger_id, view: modal() });
    expect(again.body.error).to.equal('exchanged_trigger_id');
  });

  it('name the thread of a reply, and their response_url answers in private', async () => {
    const reply = sandbox.slack.post({ user: director, channel: approvals, text: 'hm', threadTs: ts });
    await use({ message_ts: reply.ts });
    const payload = payloadOf(app.received[0]);
    expect(payload.message).to.deep.include({ thread_ts: ts, user: director });
    const answered = await fetch(String(payload.response_url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'only you see this' }),
    });
    expect(answered.status).to.equal(200);
    expect(sandbox.slack.messages(approvals).at(-1)).to.include({ text: 'only you see this', ephemeralTo: clerk });
  });

  it('are those of the app, on messages that the person sees', async () => {
    expect((await use({ callback_id: 'another' })).status).to.equal(400);
    expect((await use({ message_ts: '1.000001' })).status).to.equal(404);
    const hidden = sandbox.slack.post({ user: director, channel: treasury, text: 'private' });
    expect((await use({ channel: treasury, message_ts: hidden.ts })).status).to.equal(404);
    expect(app.received).to.have.length(0);
    const { body } = await send(sandbox, '/client/workspace', {}, 'GET');
    expect(body.app.shortcuts).to.deep.equal([{ name: 'Show history', callbackId: 'show_history' }]);
  });

  it('tell the person when the app does not answer', async () => {
    app.answer = () => ({ status: 500 });
    expect((await use()).body).to.include({ acked: false, status: 500 });
    app.answer = () => ({});
  });

  it('follow the manifest, as events, commands and domains do', async () => {
    const manifest = {
      features: {
        shortcuts: [
          { type: 'message', name: 'One', callback_id: 'one' },
          { type: 'global', name: 'Two', callback_id: 'two' },
        ],
        unfurl_domains: ['erp.example'],
      },
    };
    await send(sandbox, '/admin/slack/app', { manifest });
    const { shortcuts, unfurlDomains } = sandbox.slack.state.app;
    expect(shortcuts).to.deep.equal([{ name: 'One', callbackId: 'one' }]);
    expect(unfurlDomains).to.deep.equal(['erp.example']);
  });
});
