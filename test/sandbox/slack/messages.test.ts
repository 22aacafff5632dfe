import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import { approvals, callApi, clerk, director, section, startQuietSandbox, treasury } from './support.ts';

describe('messages of the simulated Slack', () => {
  let sandbox: Sandbox;
  const call = (method: string, fields: Record<string, unknown>) => callApi(sandbox, method, fields);
  const errorOf = async (method: string, fields: Record<string, unknown>) => (await call(method, fields)).body.error;

  beforeEach(async () => {
    sandbox = await startQuietSandbox({
      installedScopes: ['chat:write', 'channels:history', 'groups:history', 'users:read'],
    });
  });
  afterEach(() => sandbox.stop());

  it('takes forms and JSON, the token as bearer or as field', async () => {
    const token = sandbox.slack.describe().botToken;
    const asJson = await fetch(`${sandbox.url}/api/chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ token, channel: approvals, text: 'one', blocks: [section('one')] }),
    });
    expect(await asJson.json()).to.include({ ok: true, channel: approvals });
    const asForm = await call('chat.postMessage', { channel: '#ap-approvals', text: 'two', blocks: [section('two')] });
    expect(asForm.body).to.include({ ok: true });
    expect(asForm.headers.get('x-oauth-scopes')).to.equal('chat:write,channels:history,groups:history,users:read');
    expect(sandbox.slack.messages(approvals).map(({ text }) => text)).to.deep.equal(['one', 'two']);
  });

  it('gives increasing timestamps of the real form', async () => {
    for (const text of ['a', 'b', 'c']) await call('chat.postMessage', { channel: approvals, text });
    const stamps = sandbox.slack.messages(approvals).map(({ ts }) => ts);
    expect(stamps).to.deep.equal([...new Set(stamps)].toSorted());
    for (const ts of stamps) expect(ts).to.match(/^\d{10}\.\d{6}$/);
  });

  it('refuses callers by the state of their token', async () => {
    expect((await callApi(sandbox, 'auth.test', {}, 'xoxb-none')).body.error).to.equal('invalid_auth');
    const bare = await fetch(`${sandbox.url}/api/auth.test`, { method: 'POST' });
    expect(await bare.json()).to.deep.equal({ ok: false, error: 'not_authed' });
    const token = sandbox.slack.describe().botToken ?? '';
    sandbox.slack.revokeToken();
    expect((await callApi(sandbox, 'auth.test', {}, token)).body.error).to.equal('token_revoked');
    const second = sandbox.slack.install(['chat:write']);
    sandbox.slack.uninstall();
    expect((await callApi(sandbox, 'auth.test', {}, second)).body.error).to.equal('account_inactive');
  });

  it('names the scope that is missing and those that are there', async () => {
    const { body } = await call('users.lookupByEmail', { email: 'maya.okafor@northwind.example' });
    expect(body).to.include({ ok: false, error: 'missing_scope', needed: 'users:read.email' });
    expect(body.provided).to.equal('chat:write,channels:history,groups:history,users:read');
  });

  it('knows only its methods', async () => {
    expect(await errorOf('chat.shout', {})).to.equal('unknown_method');
    expect(await errorOf('toString', {})).to.equal('unknown_method');
  });

  it('lets the bot write only where it may', async () => {
    expect(await errorOf('chat.postMessage', { channel: 'C0LARGEPAY', text: 'x' })).to.equal('not_in_channel');
    expect(await errorOf('chat.postMessage', { channel: treasury, text: 'x' })).to.equal('channel_not_found');
    expect(await errorOf('chat.postMessage', { channel: 'C0NOWHERE0', text: 'x' })).to.equal('channel_not_found');
    sandbox.slack.install(['chat:write.public']);
    expect((await call('chat.postMessage', { channel: 'C0LARGEPAY', text: 'x' })).body.ok).to.equal(true);
    expect(await errorOf('chat.postMessage', { channel: treasury, text: 'x' })).to.equal('channel_not_found');
    sandbox.slack.setBotMember('treasury', true);
    expect((await call('chat.postMessage', { channel: treasury, text: 'x' })).body.ok).to.equal(true);
    sandbox.slack.setArchived('treasury', true);
    expect(await errorOf('chat.postMessage', { channel: treasury, text: 'x' })).to.equal('is_archived');
  });

  it('opens a direct message for a user id', async () => {
    const { body } = await call('chat.postMessage', { channel: director, text: 'hello' });
    expect(body.channel).to.match(/^D/);
    expect(sandbox.slack.visibleMessages(String(body.channel), director)).to.have.length(1);
  });

  it('shows an ephemeral message to one member only', async () => {
    const fields = { channel: approvals, user: clerk, text: 'only you' };
    expect((await call('chat.postEphemeral', fields)).body).to.have.keys('ok', 'message_ts');
    expect(sandbox.slack.visibleMessages(approvals, clerk)).to.have.length(1);
    expect(sandbox.slack.visibleMessages(approvals, director)).to.have.length(0);
    expect(await errorOf('chat.postEphemeral', { ...fields, user: 'U0NOBODY00' })).to.equal('user_not_in_channel');
    const ephemeral = sandbox.slack.messages(approvals)[0];
    expect(await errorOf('chat.update', { channel: approvals, ts: ephemeral?.ts, text: 'x' })).to.equal(
      'message_not_found',
    );
  });

  it('updates own messages: blocks go unless sent, metadata stays unless sent', async () => {
    const metadata = { event_type: 'card', event_payload: { id: '7' } };
    const { body } = await call('chat.postMessage', {
      channel: approvals,
      text: 'x',
      blocks: [section('x')],
      metadata,
    });
    const message = sandbox.slack.messages(approvals)[0];
    await call('chat.update', { channel: approvals, ts: body.ts, text: 'y', blocks: [section('y')] });
    expect(message?.metadata).to.deep.equal(metadata);
    expect(message).to.not.have.property('edited');
    await call('chat.update', { channel: approvals, ts: body.ts, text: 'z', metadata: {} });
    expect(message).to.include({ text: 'z' });
    expect(message).to.not.have.any.keys('blocks', 'metadata');
    expect(message).to.have.property('edited');
    const long = { channel: approvals, ts: body.ts, text: 'x'.repeat(4001) };
    expect(await errorOf('chat.update', long)).to.equal('msg_too_long');
    expect(await errorOf('chat.update', { ...long, ts: '1.000001' })).to.equal('message_not_found');
    const human = sandbox.slack.post({ user: clerk, channel: approvals, text: 'mine' });
    expect(await errorOf('chat.update', { channel: approvals, ts: human.ts, text: 'x' })).to.equal(
      'cant_update_message',
    );
    expect(sandbox.slack.journal.since().map(({ kind }) => kind)).to.deep.equal(['post', 'update', 'update', 'post']);
  });

  it('shows metadata in history only when asked, and history only to members', async () => {
    const metadata = { event_type: 'card', event_payload: { id: '7' } };
    await call('chat.postMessage', { channel: approvals, text: 'x', metadata });
    const read = async (more: Record<string, unknown>) =>
      (await call('conversations.history', { channel: approvals, ...more })).body.messages as [{ metadata: unknown }];
    expect((await read({}))[0].metadata).to.deep.equal({ event_type: 'card' });
    expect((await read({ include_all_metadata: true }))[0].metadata).to.deep.equal(metadata);
    expect(await errorOf('conversations.history', { channel: 'C0LARGEPAY' })).to.equal('not_in_channel');
  });

  it('pages history, newest first, between two times', async () => {
    for (const text of ['a', 'b', 'c', 'd']) await call('chat.postMessage', { channel: approvals, text });
    const stamps = sandbox.slack.messages(approvals).map(({ ts }) => ts);
    const read = async (more: Record<string, unknown>) => {
      const { body } = await call('conversations.history', { channel: approvals, ...more });
      const texts = (body.messages as { text: string }[]).map(({ text }) => text).join('');
      return { texts, cursor: (body.response_metadata as { next_cursor?: string } | undefined)?.next_cursor };
    };
    const first = await read({ limit: 3 });
    expect(first.texts).to.equal('dcb');
    expect(await read({ limit: 3, cursor: first.cursor })).to.deep.equal({ texts: 'a', cursor: undefined });
    expect((await read({ oldest: stamps[1], latest: stamps[3] })).texts).to.equal('c');
    expect((await read({ oldest: stamps[1], latest: stamps[3], inclusive: true })).texts).to.equal('dcb');
  });

  it('keeps replies in their thread', async () => {
    const root = (await call('chat.postMessage', { channel: approvals, text: 'root' })).body;
    await call('chat.postMessage', { channel: approvals, text: 'reply', thread_ts: root.ts });
    const history = (await call('conversations.history', { channel: approvals })).body.messages as object[];
    expect(history).to.have.length(1);
    expect(history[0]).to.include({ reply_count: 1 });
    const replies = (await call('conversations.replies', { channel: approvals, ts: root.ts })).body.messages;
    expect((replies as { text: string }[]).map(({ text }) => text)).to.deep.equal(['root', 'reply']);
    const lost = { channel: approvals, text: 'x', thread_ts: '1.000001' };
    expect(await errorOf('chat.postMessage', lost)).to.equal('thread_not_found');
  });

  it('forgets the oldest messages beyond its bound', async () => {
    await sandbox.stop();
    sandbox = await startQuietSandbox({ maxMessages: 2 });
    for (const text of ['a', 'b', 'c']) await call('chat.postMessage', { channel: approvals, text });
    expect(sandbox.slack.messages(approvals).map(({ text }) => text)).to.deep.equal(['b', 'c']);
  });
});
