import { expect } from 'chai';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { createPace, type Limits } from '../../app/outbound/pace.ts';

describe('The pace of a connection', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => clock.restore());

  const none: Limits = { requestsPerMinute: null, parallelRequests: null };

  /** Asks for so many at once and notes when each was sent, in ms. */
  function ask(limits: Limits, count: number, processes = 1): number[] {
    const pace = createPace(limits, () => processes);
    const sent: number[] = [];
    for (let index = 0; index < count; index += 1) void pace.run(async () => sent.push(clock.now));
    return sent;
  }

  it('is none where the licence sets no limit', async () => {
    const sent = ask(none, 500);
    await clock.tickAsync(0);
    expect(sent).to.have.length(500);
  });

  it('is free up to half of the minute’s requests, and spreads the other half over the rest of the minute', async () => {
    const sent = ask({ ...none, requestsPerMinute: 60 }, 60);
    await clock.tickAsync(0);
    expect(sent).to.have.length(30);
    await clock.tickAsync(30_000);
    expect(sent.length).to.be.within(44, 46);
    await clock.tickAsync(30_000);
    expect(sent).to.have.length(60);
    const gaps = sent.slice(31).map((at, index) => at - (sent[index + 30] ?? 0));
    expect(Math.max(...gaps) - Math.min(...gaps)).to.be.at.most(30);
  });

  it('never sends more in any minute than the licence allows', async () => {
    const sent = ask({ ...none, requestsPerMinute: 50 }, 300);
    await clock.tickAsync(10 * 60_000);
    expect(sent).to.have.length(300);
    for (const from of sent) {
      const inMinute = sent.filter((at) => at >= from && at < from + 60_000).length;
      expect(inMinute, `from ${from}`).to.be.at.most(50);
    }
  });

  it('is divided among the processes that live', async () => {
    const sent = ask({ ...none, requestsPerMinute: 60 }, 60, 3);
    await clock.tickAsync(59_000);
    expect(sent.length).to.be.at.most(20);
  });

  it('keeps to so many at once, in the order they were asked', async () => {
    const pace = createPace({ requestsPerMinute: null, parallelRequests: 2 }, () => 1);
    const begun: number[] = [];
    const ends: Array<() => void> = [];
    for (let index = 0; index < 5; index += 1) {
      void pace.run(() => {
        begun.push(index);
        return new Promise<void>((resolve) => ends.push(resolve));
      });
    }
    await clock.tickAsync(0);
    expect(begun).to.deep.equal([0, 1]);
    ends[1]?.();
    await clock.tickAsync(0);
    expect(begun).to.deep.equal([0, 1, 2]);
  });

  it('gives the turn back where a request fails', async () => {
    const pace = createPace({ requestsPerMinute: null, parallelRequests: 1 }, () => 1);
    const failed = pace.run(() => Promise.reject(new Error('no'))).catch((error: Error) => error.message);
    const next = pace.run(async () => 'sent');
    await clock.tickAsync(0);
    expect(await failed).to.equal('no');
    expect(await next).to.equal('sent');
  });

  it('lets go of whoever gives up waiting', async () => {
    const pace = createPace({ ...none, requestsPerMinute: 2 }, () => 1);
    const giveUp = new AbortController();
    await pace.run(async () => undefined);
    const waiting = pace.run(async () => 'sent', giveUp.signal).catch((reason) => reason);
    giveUp.abort('stopping');
    expect(await waiting).to.equal('stopping');
    const next = pace.run(async () => 'sent');
    await clock.tickAsync(60_000);
    expect(await next).to.equal('sent');
  });

  it('says how much is used', async () => {
    const pace = createPace({ ...none, requestsPerMinute: 4 }, () => 1);
    for (let index = 0; index < 3; index += 1) void pace.run(async () => undefined);
    await clock.tickAsync(60_001);
    await pace.run(async () => undefined);
    const { lastMinute, mostInAMinute, heldBackMs, requestsPerMinute } = pace.figures();
    expect({ lastMinute, mostInAMinute, requestsPerMinute }).to.deep.equal({
      lastMinute: 2,
      mostInAMinute: 3,
      requestsPerMinute: 4,
    });
    expect(heldBackMs).to.be.greaterThan(0);
  });
});
