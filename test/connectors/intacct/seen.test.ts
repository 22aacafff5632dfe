import { expect } from 'chai';
import { Seen } from '../../../connectors/intacct/seen.ts';

const now = Date.parse('2026-03-10T09:30:00Z');
const hourMs = 3_600_000;

describe('connectors intacct: what was read of late', () => {
  it('comes back out of its text, without what is not met again', () => {
    const seen = new Seen('');
    seen.add('7', 'aaaaa', now, now - hourMs);
    seen.add('8', 'bbbbb', now - 2 * hourMs, now - hourMs);
    const again = new Seen(seen.text(now - hourMs));
    expect(again.has('7', 'aaaaa')).to.equal(true);
    expect(again.has('7', 'other')).to.equal(false);
    expect(again.has('8', 'bbbbb')).to.equal(false);
  });

  it('holds nothing of the years that a first reading goes through, so that each page costs as little as the first', () => {
    const seen = new Seen('');
    for (let row = 1; row <= 100_000; row += 1) seen.add(String(row), 'aaaaa', now - 24 * hourMs, now - hourMs);
    expect(seen.text(0)).to.equal('');
  });

  it('takes a row that changed under an old stamp for a new one', () => {
    const seen = new Seen('');
    seen.add('7', 'aaaaa', now, now - hourMs);
    seen.add('7', 'bbbbb', now - 2 * hourMs, now - hourMs);
    expect(seen.has('7', 'aaaaa')).to.equal(false);
    expect(seen.has('7', 'bbbbb')).to.equal(false);
  });
});
