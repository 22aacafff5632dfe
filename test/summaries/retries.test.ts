import { expect } from 'chai';
import { PermanentError, RetryableError } from '../../app/domain/errors.ts';
import { waitAfter } from '../../app/summaries/retries.ts';

const minuteMs = 60_000;
/** Tries of a day while nothing gets better. */
function triesADay(error: Error): number {
  let [tries, passedMs] = [0, 0];
  while (passedMs < 24 * 60 * minuteMs) {
    tries += 1;
    passedMs += waitAfter(error, tries);
  }
  return tries;
}

describe('a summary that cannot be made', () => {
  it('is tried again soon at first, and ever more rarely, since each try is billed', () => {
    expect(waitAfter(new RetryableError('closed'), 1)).to.equal(2_000);
    expect(waitAfter(new PermanentError('refused_by_erp', 'no'), 1)).to.equal(5 * minuteMs);
    expect(triesADay(new RetryableError('closed'))).to.be.within(24, 40);
    expect(triesADay(new PermanentError('refused_by_erp', 'no'))).to.be.within(24, 30);
  });

  it('waits as long as the ERP asks, and not for ever', () => {
    expect(waitAfter(new RetryableError('busy', { retryAfterMs: 90_000 }), 1)).to.equal(90_000);
    expect(waitAfter(new RetryableError('busy', { retryAfterMs: 1e12 }), 1)).to.equal(60 * minuteMs);
  });
});
