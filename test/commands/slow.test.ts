import { expect } from 'chai';
import { onlyWhenAsked, postBill } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { ask, readingIsDone } from './support.ts';

describe('every command while PostgreSQL is slow', function () {
  this.timeout(60_000);
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked });
    await readingIsDone(product);
  });
  after(() => product.stop());

  /** Whoever works meanwhile may take these tables in another order; then it is tried anew. */
  async function lockTables() {
    for (;;) {
      const lock = await product.database.db.transaction();
      try {
        await lock.raw('lock table connections, documents, cards in access exclusive mode');
        return lock;
      } catch (error) {
        await lock.rollback();
        if ((error as { code?: string }).code !== '40P01') throw error;
      }
    }
  }

  it('is acknowledged within three seconds, and answered when it is ready', async () => {
    const { bill } = await postBill(product);
    const asked: Array<[typed: string, said: RegExp]> = [
      ['mine', /^Nothing waits/],
      [`find ${bill.ref}`, new RegExp(`^Bill ${bill.ref}`)],
      [`audit ${bill.ref}`, /first read/],
      ['replay dead', /^Nothing is dead/],
      ['pause treasury', /^treasury is paused/],
    ];
    const { roster } = product.sandbox.slack.state;
    const places = asked.map(([typed], index) => ({ typed, channel: roster.addChannel({ name: `slow-${index}` }).id }));
    // What says who is there is known: what a command works on is what cannot be had.
    await ask(product, 'help');
    const lock = await lockTables();
    const answers = places.map(({ typed, channel }) => ask(product, typed, people.admin, channel));
    const { slack } = product.sandbox;
    try {
      await waitUntil(
        () => places.every(({ channel }) => slack.messages(channel).some(({ text }) => text === 'Looking …')),
        { what: 'all acknowledgements', timeoutMs: 4_000 },
      );
    } finally {
      await lock.rollback();
    }
    for (const [index, { first, ms, text }] of (await Promise.all(answers)).entries()) {
      expect(first).to.equal('Looking …');
      expect(ms).to.be.lessThan(2_900);
      expect(text).to.match(asked[index]?.[1] ?? /^$/);
    }
  });
});
