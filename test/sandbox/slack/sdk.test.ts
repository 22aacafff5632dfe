import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { ErrorCode, WebClient } from '@slack/web-api';
import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import { approvals, button, clerk, startQuietSandbox } from './support.ts';

describe("the simulated Slack under Slack's own libraries", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startQuietSandbox({
      limits: 'real',
      installedScopes: ['chat:write', 'commands', 'channels:history'],
    });
  });
  afterEach(() => sandbox.stop());

  it('answers WebClient', async () => {
    const { botToken, apiUrl } = sandbox.slack.describe();
    const client = new WebClient(botToken ?? '', {
      slackApiUrl: apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logLevel: LogLevel.ERROR,
    });
    const { bot_id, response_metadata } = await client.auth.test();
    expect(bot_id).to.equal('B0CNTRSIGN');
    expect(response_metadata?.scopes).to.include('chat:write');
    const metadata = { event_type: 'card', event_payload: { id: '7' } };
    const posted = await client.chat.postMessage({ channel: approvals, text: 'x', metadata });
    const early = await client.chat.postMessage({ channel: approvals, text: 'y' }).catch((error) => error);
    expect(early).to.include({ code: ErrorCode.RateLimitedError, retryAfter: 1 });
    const history = await client.conversations.history({ channel: approvals, include_all_metadata: true });
    expect(history.messages?.[0]).to.deep.include({ ts: posted.ts, metadata });
    const lost = await client.chat.postMessage({ channel: 'C0TREASURY', text: 'x' }).catch((error) => error);
    expect(lost.data.error).to.equal('channel_not_found');
  });

  it('drives a Bolt app: a click, a modal, its submission and a command', async () => {
    const { botToken, apiUrl, signingSecret } = sandbox.slack.describe();
    const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
    const app = new App({
      receiver,
      token: botToken ?? '',
      clientOptions: { slackApiUrl: apiUrl },
      convoStore: false,
      logLevel: LogLevel.ERROR,
    });
    const title = { type: 'plain_text', text: 'Reject' } as const;
    const input = { type: 'plain_text_input', action_id: 'text' } as const;
    app.action('reject', async ({ ack, body, client }) => {
      await ack();
      if (!('trigger_id' in body)) return;
      await client.views.open({
        trigger_id: body.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'reject',
          title,
          submit: title,
          blocks: [{ type: 'input', block_id: 'reason', label: title, element: input }],
        },
      });
    });
    const reasons: unknown[] = [];
    app.view('reject', async ({ ack, view }) => {
      reasons.push(view.state.values.reason?.text?.value);
      await ack();
    });
    app.command('/erp', async ({ ack, command }) => ack(`you said ${command.text}`));
    const server = await app.start(0);
    try {
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/slack/events`;
      expect(await sandbox.slack.setRequestUrl(url, { verify: true })).to.deep.equal({ verified: true });
      const client = new WebClient(botToken ?? '', { slackApiUrl: apiUrl, logLevel: LogLevel.ERROR });
      const blocks = [{ type: 'actions', elements: [button('reject', '1')] }] as never;
      const { ts } = await client.chat.postMessage({ channel: approvals, text: 'x', blocks });
      const opened = new Promise((resolve) =>
        sandbox.slack.state.streams.subscribe(clerk, ({ type, data }) => type === 'view_opened' && resolve(data.id)),
      );
      const click = await sandbox.slack.click({
        user: clerk,
        channel: approvals,
        messageTs: ts ?? '',
        actionId: 'reject',
      });
      expect(click).to.include({ acked: true, status: 200 });
      const submitted = await sandbox.slack.submitView(clerk, String(await opened), { reason: { text: 'too much' } });
      expect(submitted).to.include({ acked: true, closed: true });
      expect(reasons).to.deep.equal(['too much']);
      const said = await sandbox.slack.command({ user: clerk, channel: approvals, command: '/erp', text: 'hi' });
      expect(said).to.include({ acked: true, answer: 'you said hi' });
    } finally {
      await app.stop();
    }
  });
});
