import { expect } from 'chai';
import sinon from 'sinon';
import { RateLimited } from '../../../sandbox/slack/errors.ts';
import { Limits } from '../../../sandbox/slack/limits.ts';

describe('the pace of a channel', () => {
  afterEach(() => sinon.restore());

  it('refuses until a whole second after the last message taken, whatever came between', () => {
    const clock = sinon.stub(performance, 'now').returns(5000);
    const limits = new Limits({});
    limits.takeMessage('C1');
    for (const early of [5001, 5500, 5999]) {
      clock.returns(early);
      expect(() => limits.takeMessage('C1')).to.throw(RateLimited, 'channel_pace');
    }
    clock.returns(6001);
    limits.takeMessage('C1');
    clock.returns(6999);
    expect(() => limits.takeMessage('C1')).to.throw(RateLimited, 'channel_pace');
  });

  it('lets calls leave the minute one by one', () => {
    const clock = sinon.stub(performance, 'now');
    const limits = new Limits({});
    for (let call = 0; call < 20; call++) {
      clock.returns(call * 1000);
      limits.takeCall('users.list', 2);
    }
    clock.returns(59_000);
    expect(() => limits.takeCall('users.list', 2))
      .to.throw(RateLimited)
      .with.property('retryAfterSeconds', 1);
    clock.returns(60_001);
    limits.takeCall('users.list', 2);
    expect(() => limits.takeCall('users.list', 2)).to.throw(RateLimited, 'tier');
  });
});
