import { expect } from 'chai';
import { calendarDay, projected, usedUpOn } from '../../app/metering/month.ts';

describe('A connection’s calendar', () => {
  const cases: Array<[why: string, at: string, zone: string, month: string, day: number, days: number]> = [
    ['UTC itself', '2026-11-21T10:00:00Z', 'UTC', '2026-11-01', 21, 30],
    ['ahead of UTC: the new month has begun', '2026-10-31T13:00:00Z', 'Pacific/Auckland', '2026-11-01', 1, 30],
    ['behind UTC: the old one goes on', '2027-01-01T07:59:00Z', 'America/Los_Angeles', '2026-12-01', 31, 31],
    ['a leap year', '2028-02-29T23:59:59Z', 'UTC', '2028-02-01', 29, 29],
    ['midnight belongs to the day it begins', '2026-03-01T00:00:00Z', 'UTC', '2026-03-01', 1, 31],
    ['after the clocks went forward', '2026-03-28T23:30:00Z', 'Asia/Kolkata', '2026-03-01', 29, 31],
    ['a zone of half hours', '2026-06-30T18:29:00Z', 'Asia/Kolkata', '2026-06-01', 30, 30],
    ['its last minute is over', '2026-06-30T18:30:00Z', 'Asia/Kolkata', '2026-07-01', 1, 31],
  ];
  for (const [why, at, zone, month, day, days] of cases) {
    it(`knows the day: ${why}`, () => {
      expect(calendarDay(new Date(at), zone)).to.deep.include({ month, day, days });
    });
  }

  it('foretells from the first day’s end on, by what the days so far took', () => {
    const on = (instant: string) => calendarDay(new Date(instant), 'UTC');
    expect(projected(500, on('2026-11-01T06:00:00Z'))).to.equal(null);
    expect(projected(500, on('2026-11-02T00:00:00Z'))).to.equal(15_000);
    expect(usedUpOn(500, 600, on('2026-11-01T06:00:00Z'))).to.equal(null);
    expect(usedUpOn(1_000, 10_000, on('2026-11-11T00:00:00Z'))).to.equal(null);
    expect(usedUpOn(5_000, 10_000, on('2026-11-11T00:00:00Z'))).to.equal(21);
    expect(usedUpOn(10_000, 10_000, on('2026-11-11T00:00:00Z'))).to.equal(null);
  });

  it('measures from the day on which calls were first made', () => {
    const on = (instant: string) => calendarDay(new Date(instant), 'UTC');
    expect(projected(500, on('2026-11-21T06:00:00Z'), 21)).to.equal(null);
    // 100 a day since the 21st, and ten days to come.
    expect(projected(500, on('2026-11-26T00:00:00Z'), 21)).to.equal(1_000);
    expect(usedUpOn(500, 800, on('2026-11-26T00:00:00Z'), 21)).to.equal(29);
  });
});
