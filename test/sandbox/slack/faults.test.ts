import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import { approvals, callApi, type Json, send, startQuietSandbox } from './support.ts';

describe('faults of the simulated Slack', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startQuietSandbox();
  });
  afterEach(() => sandbox.stop());
  const fault = (more: Json) => send(sandbox, '/admin/slack/faults', { method: 'chat.postMessage', times: 1, ...more });
  const post = (text = 'x') => callApi(sandbox, 'chat.postMessage', { channel: approvals, text });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'answered',
      () => 'lost',
    );
  const posted = () => sandbox.slack.messages(approvals).length;

  it('limits calls on request, as often as asked', async () => {
    await fault({ kind: 'rate_limited', retryAfter: 7, times: 2 });
    for (let i = 0; i < 2; i++) {
      const { status, headers } = await post();
      expect([status, headers.get('retry-after')]).to.deep.equal([429, '7']);
    }
    expect((await post()).body.ok).to.equal(true);
    expect(sandbox.slack.counters.refusalsByReason).to.deep.equal({ fault: 2 });
  });

  it('carries a call out and loses the answer', async () => {
    await fault({ kind: 'drop_after_done' });
    expect(await failure(post())).to.equal('lost');
    expect(posted()).to.equal(1);
  });

  it('carries a call out and never answers', async () => {
    await fault({ kind: 'timeout_after_done' });
    const token = sandbox.slack.describe().botToken;
    const call = fetch(`${sandbox.url}/api/chat.postMessage?token=${token}&channel=${approvals}&text=x`, {
      signal: AbortSignal.timeout(100),
    });
    expect(await failure(call)).to.equal('lost');
    expect(posted()).to.equal(1);
  });

  it('loses a call before it is carried out', async () => {
    await fault({ kind: 'drop_before' });
    expect(await failure(post())).to.equal('lost');
    expect(posted()).to.equal(0);
  });

  it('leaves open by turns whether a call was carried out', async () => {
    await fault({ kind: 'ambiguous', times: 2 });
    expect([await failure(post('one')), await failure(post('two'))]).to.deep.equal(['lost', 'lost']);
    expect(sandbox.slack.messages(approvals).map(({ text }) => text)).to.deep.equal(['one']);
  });

  it('answers with an error, whether done or not', async () => {
    await fault({ kind: 'error', error: 'fatal_error', done: true });
    expect((await post()).body).to.deep.equal({ ok: false, error: 'fatal_error' });
    expect(posted()).to.equal(1);
    await fault({ kind: 'error' });
    expect((await post()).body.error).to.equal('internal_error');
    expect(posted()).to.equal(1);
  });

  it('answers with half a body, or a page', async () => {
    await fault({ kind: 'truncated_json' });
    expect(await failure(post())).to.equal('lost');
    expect(posted()).to.equal(1);
    await fault({ kind: 'http_500' });
    const token = sandbox.slack.describe().botToken;
    const address = `${sandbox.url}/api/chat.postMessage?token=${token}&channel=${approvals}&text=x`;
    const response = await fetch(address);
    expect(response.status).to.equal(500);
    expect(response.headers.get('content-type')).to.include('text/html');
    expect(posted()).to.equal(1);
  });

  it('hits one channel or one method, until cleared', async () => {
    await fault({ kind: 'error', channel: 'large-payments' });
    const other = (await fault({ kind: 'error', method: 'chat.update' })).body;
    expect((await send(sandbox, `/admin/slack/faults/${other.id}`, {}, 'DELETE')).status).to.equal(204);
    expect((await send(sandbox, `/admin/slack/faults/${other.id}`, {}, 'DELETE')).status).to.equal(404);
    expect((await post()).body.ok).to.equal(true);
    await fault({ kind: 'error', method: '*', times: undefined });
    expect((await callApi(sandbox, 'auth.test', {})).body.ok).to.equal(false);
    await send(sandbox, '/admin/slack/faults', {}, 'DELETE');
    expect((await callApi(sandbox, 'auth.test', {})).body.ok).to.equal(true);
  });

  it('spends no fault on a call that is refused anyway', async () => {
    await fault({ kind: 'drop_after_done' });
    expect((await callApi(sandbox, 'chat.postMessage', { channel: approvals })).body.error).to.equal('no_text');
    expect(await failure(post())).to.equal('lost');
  });

  it('makes channels and people, and journals what was taken', async () => {
    const made = await send(sandbox, '/admin/slack/channels', { count: 3, name: 'lane', invite: true });
    expect(made.body).to.have.length(3);
    const [first] = made.body as [{ id: string }];
    const metadata = { event_type: 'card', event_payload: { id: '7' } };
    await callApi(sandbox, 'chat.postMessage', { channel: first.id, text: 'one', metadata });
    await post('two');
    const all = (await send(sandbox, '/admin/slack/journal', {}, 'GET')).body;
    expect(all.map(({ n, kind, channel }: Json) => [n, kind, channel])).to.deep.equal([
      [1, 'post', first.id],
      [2, 'post', approvals],
    ]);
    expect(all[0].metadata).to.deep.equal(metadata);
    const rest = (await send(sandbox, '/admin/slack/journal?since=1', {}, 'GET')).body;
    expect(rest.map(({ text }: Json) => text)).to.deep.equal(['two']);
    const summary = (await send(sandbox, '/admin/slack', {}, 'GET')).body;
    expect(summary.counters).to.include({ posts: 2, updates: 0, refusals429: 0 });
  });
});
