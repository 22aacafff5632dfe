import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import { approvals, callApi, director, startQuietSandbox } from './support.ts';

describe('rate limits of the simulated Slack', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startQuietSandbox({ limits: 'real', inviteBotTo: ['ap-approvals', 'large-payments'] });
  });
  afterEach(() => sandbox.stop());
  const post = (channel: string, more: Record<string, unknown> = {}) =>
    callApi(sandbox, 'chat.postMessage', { channel, text: 'x', ...more });

  it('takes one message a second in a channel, replies included, and says when to come back', async () => {
    const first = await post(approvals);
    const second = await post(approvals, { thread_ts: first.body.ts });
    expect(second.status).to.equal(429);
    expect(second.headers.get('retry-after')).to.equal('1');
    expect(second.body).to.deep.equal({ ok: false, error: 'ratelimited' });
    expect((await post('C0LARGEPAY')).status).to.equal(200);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await post(approvals)).status).to.equal(200);
    expect(sandbox.slack.counters.summary()).to.deep.include({
      posts: 3,
      refusals429: 1,
      refusalsByReason: { channel_pace: 1 },
      refusalsByMethod: { 'chat.postMessage': 1 },
    });
    const times = sandbox.slack.journal.since().filter(({ channel }) => channel === approvals);
    expect((times[1]?.at ?? 0) - (times[0]?.at ?? 0)).to.be.at.least(1000);
  });

  it('counts no message that it refused for another reason', async () => {
    expect((await post(approvals, { blocks: [{ type: 'banner' }] })).body.error).to.equal('invalid_blocks');
    expect((await post(approvals)).body.ok).to.equal(true);
  });

  it('caps the messages of the whole workspace', async () => {
    sandbox.slack.limits.workspaceMessagesPerMinute = 2;
    expect([await post(approvals), await post('C0LARGEPAY')].map(({ status }) => status)).to.deep.equal([200, 200]);
    const third = await post(director);
    expect(third.status).to.equal(429);
    expect(Number(third.headers.get('retry-after'))).to.be.within(55, 60);
  });

  it('counts the calls of each method by its tier, bursts up to the tier allowed', async () => {
    const { ts } = (await post(approvals)).body;
    const update = () => callApi(sandbox, 'chat.update', { channel: approvals, ts, text: 'y' });
    const burst = [];
    for (let i = 0; i < 50; i++) burst.push((await update()).status);
    expect(burst.every((status) => status === 200)).to.equal(true);
    expect((await update()).status).to.equal(429);
    expect((await callApi(sandbox, 'auth.test', {})).status).to.equal(200);
    sandbox.slack.limits.mode = 'pace-only';
    expect((await update()).status).to.equal(200);
  });
});
