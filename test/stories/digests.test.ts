import { expect } from 'chai';
import {
  addBill,
  buttonsOf,
  isTold,
  type LaneGiven,
  onlyWhenAsked,
  ownLane,
  ownLanesOnly,
  type TestLane,
} from '../support/lanes.ts';
import { type CardMessage, type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

describe('Many bills at once', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      credentials: { page_size: 40 },
      scenario: { slack: { limits: 'pace-only' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
  });
  after(() => product?.stop());

  const messages = ({ channel }: TestLane) =>
    (product.sandbox.slack.visibleMessages(channel, people.director) as unknown as CardMessage[])
      .filter((message) => !message.ephemeral)
      .map((message) => ({ ...message, channel }));
  const digest = (lane: TestLane, accept: (text: string) => boolean = () => true) =>
    waitUntil(() => messages(lane).find((message) => accept(JSON.stringify(message.blocks))), {
      what: () => `the digest; there is: ${JSON.stringify(messages(lane))}`,
    });

  async function burst(amounts: string[], given: LaneGiven): Promise<{ lane: TestLane; refs: string[] }> {
    const lane = await ownLane(product, given);
    const refs = amounts.map((amount) => {
      const [value, currency = 'GBP'] = amount.split(' ');
      return addBill(product, lane, { amount: value, currency }).ref;
    });
    await product.readNow();
    return { lane, refs };
  }

  it('are one message: how many, how much in each currency, in which states, and the largest', async () => {
    const { lane, refs } = await burst(['10.10', '20.20', '999.99', '5.00 EUR', '7.50 EUR'], { burst: 3 });
    const message = await digest(lane);
    const text = JSON.stringify(message.blocks);
    expect(text).to.contain('5 bills · £1,030.29 + €12.50').and.to.contain('5 Pending Approval');
    expect(text.indexOf(refs[2] ?? ''))
      .to.be.greaterThan(0)
      .and.to.be.lessThan(text.indexOf(refs[0] ?? ''));
    expect(message.text).to.contain('5 bills arrived together in Acumatica, £1,030.29 + €12.50 in all.');
    expect(buttonsOf(message)).to.deep.equal(['digest_expand']);
    expect(messages(lane)).to.have.length(1);
  });

  it('stay true in their message as they change', async () => {
    const { lane, refs } = await burst(['100.00', '200.00', '300.00'], { burst: 2 });
    await digest(lane);
    product.sandbox.acumatica.decideInErp(refs[0] ?? '', 'approve');
    product.sandbox.acumatica.editBill(refs[1] ?? '', { amount: '1200.00' });
    await product.readNow();
    const changed = await digest(lane, (text) => text.includes('2 Pending Approval, 1 Balanced'));
    expect(JSON.stringify(changed.blocks)).to.contain('3 bills · £1,600.00');
    expect(messages(lane)).to.have.length(1);
  });

  it('become cards when somebody asks, in their order and at their pace; the message says so', async () => {
    const { lane, refs } = await burst(['1.00', '2.00', '3.00'], { burst: 2 });
    const message = await digest(lane);
    const click = () => product.click(message, 'digest_expand');
    await Promise.all([click(), click()]);
    await isTold(product, people.director, '3 cards are on their way');
    await isTold(product, people.director, 'have cards of their own already');
    await waitUntil(() => messages(lane).length === 4, { what: 'three cards' });
    const posts = product.sandbox.slack.journal
      .since()
      .filter(({ channel, kind }) => channel === lane.channel && kind === 'post')
      .slice(1);
    expect(posts.map(({ text }) => refs.find((ref) => text.includes(ref)))).to.deep.equal(refs);
    const gaps = posts.slice(1).map(({ at }, index) => at - (posts[index]?.at ?? 0));
    for (const gap of gaps) expect(gap).to.be.at.least(1_000);
    const cards = messages(lane).slice(1);
    for (const card of cards) expect(buttonsOf(card)).to.include('decide_approve');
    const dissolved = await digest(lane, (text) => text.includes('Posted as single cards'));
    expect(dissolved.ts).to.equal(message.ts);
    expect(buttonsOf(dissolved)).to.deep.equal([]);
    expect(product.sandbox.slack.counters.refusals429).to.equal(0);
  });

  it('are cards as long as they are no more than the route allows', async () => {
    const { lane, refs } = await burst(['1.00', '2.00'], { burst: 2 });
    await waitUntil(() => messages(lane).length === 2, { what: 'two cards' });
    expect(messages(lane).map(({ text }) => refs.find((ref) => text.includes(ref)))).to.deep.equal(refs);
  });

  it('share one message over the pages in which they are read', async () => {
    const { lane } = await burst(
      Array.from({ length: 100 }, () => '1.00'),
      { burst: 3 },
    );
    await digest(lane, (text) => text.includes('100 bills · £100.00'));
    expect(messages(lane)).to.have.length(1);
    expect(await product.database.db('feeds').first('last_error')).to.include({ last_error: null });
  });
});
