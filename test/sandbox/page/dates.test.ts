import { expect } from 'chai';
import { formatSlackDate } from '../../../sandbox/page/blocks/dates.ts';

describe('dates in messages', () => {
  const at = Date.UTC(2026, 10, 20, 23, 30) / 1000;
  const now = at * 1000;
  const rows: [string, string, string][] = [
    ['{date_num}', 'UTC', '2026-11-20'],
    ['{date_num}', 'Asia/Tokyo', '2026-11-21'],
    ['{date_short} at {time}', 'UTC', 'Nov 20, 2026 at 11:30 PM'],
    ['{date_long_pretty}', 'UTC', 'today'],
    ['{ago}', 'UTC', 'this minute'],
    ['{nonsense}', 'UTC', '{nonsense}'],
  ];
  for (const [format, zone, shown] of rows) {
    it(`draws ${format} in ${zone} as ${shown}`, () => {
      expect(formatSlackDate(at, format, zone, now).replaceAll('\u202f', ' ')).to.equal(shown);
    });
  }

  it('says yesterday of the day before', () => {
    expect(formatSlackDate(at, '{date_pretty}', 'UTC', now + 86_400_000)).to.equal('yesterday');
  });
});
