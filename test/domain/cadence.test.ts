import { expect } from 'chai';
import { nextRun, nextRunAfter } from '../../app/domain/cadence.ts';

describe('a cadence', () => {
  const minuteMs = 60_000;

  it('is due next at its first tick from now, by the clock of its time zone', () => {
    const next = nextRun('0 8 * * *', 'Asia/Tokyo');
    expect(next?.getTime()).to.be.within(Date.now(), Date.now() + 25 * 60 * minuteMs);
    // Tokyo has no summer time: eight o'clock there is 23:00 UTC all year.
    expect(next?.toISOString()).to.match(/T23:00:00\.000Z$/);
  });

  it('is due after a moment that lies ahead of this machine’s clock, and never at it', () => {
    const ahead = nextRun('*/10 * * * * *', 'UTC') ?? new Date();
    const after = nextRunAfter('*/10 * * * * *', 'UTC', ahead);
    expect((after?.getTime() ?? 0) - ahead.getTime()).to.equal(10_000);
    expect(nextRunAfter('*/10 * * * * *', 'UTC', new Date(0))?.getTime()).to.be.at.least(Date.now() - 1_000);
  });

  it('that is not understood is never due', () => {
    for (const wrong of ['', 'daily', '0 0 30 2 *', '99 * * * *']) expect(nextRun(wrong, 'UTC'), wrong).to.equal(null);
  });
});
