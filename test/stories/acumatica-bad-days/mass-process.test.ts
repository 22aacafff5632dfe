import { expect } from 'chai';
import {
  addBill,
  cardNow,
  decisionsOn,
  expectNoSecret,
  isTold,
  onlyWhenAsked,
  ownLane,
  ownLanesOnly,
  type Posted,
  postBill,
  timesAsked,
} from '../../support/lanes.ts';
import { type Product, people, startProduct } from '../../support/product.ts';
import { waitUntil } from '../../support/wait.ts';

/** How many the mass process changes; the bench does it with 10,000. */
const many = 2_000;
const pageSize = 200;

describe(`When a mass process changes ${many.toLocaleString('en')} bills while people approve`, () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      credentials: { page_size: pageSize },
      scenario: { slack: { limits: 'pace-only' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    await waitUntil(async () => (await feed()).last_read_at, { what: 'the first reading' });
  });
  after(() => product?.stop());

  const db = () => product.database.db;
  const site = () => product.sandbox.acumatica;
  const feed = () => db()('feeds').first();
  const quiet = () =>
    waitUntil(async () => (await feed()).lease_owner === null && (await feed()).attempts === 0, {
      what: 'the end of the reading',
      timeoutMs: 30_000,
    });

  it('decisions stay prompt, nothing is lost or doubled, and the channel gets a digest', async function () {
    this.timeout(90_000);
    const untouched: Posted[] = [];
    const touched: Posted[] = [];
    for (let index = 0; index < 4; index += 1) untouched.push(await postBill(product));
    for (let index = 0; index < 4; index += 1) touched.push(await postBill(product));
    const lane = await ownLane(product, { conditions: { statuses: ['Pending Approval'] } });
    const refs = Array.from({ length: many }, () => addBill(product, lane, { status: 'On Hold', amount: '1.00' }).ref);
    const readBefore = (await feed()).last_read_at;
    await product.readNow();
    await waitUntil(async () => (await feed()).last_read_at > readBefore, {
      what: 'all to be known',
      timeoutMs: 30_000,
    });
    expect(product.sandbox.slack.messages(lane.channel)).to.deep.equal([]);

    for (const ref of refs) site().editBill(ref, { status: 'Pending Approval' });
    const asked = timesAsked(product);
    // The second half of the reading is slow, so it goes on while people decide.
    site().setFault({ kind: 'slow', ms: 3_000, match: { path: `$skip=${5 * (pageSize - 1)}` }, times: 1 });
    await product.readNow();
    await waitUntil(async () => (await feed()).cursor?.skip >= 4 * (pageSize - 1), {
      what: 'the reading to be under way',
      timeoutMs: 20_000,
    });
    // It goes on meanwhile, and moves the due date of bills that people are looking at.
    for (const { bill } of touched) site().editBill(bill.ref, { dueDate: '2030-01-31' });
    const clicks = await Promise.all(
      [...untouched, ...touched].map(({ card }) => product.click(card, 'decide_approve')),
    );
    for (const click of clicks) expect(click).to.include({ acked: true, status: 200 });
    for (const { bill } of untouched)
      expect((await decisionsOn(product, bill))[0]).to.include({ state: 'done', outcome: 'approve_done' });
    for (const { bill } of touched) {
      expect((await decisionsOn(product, bill))[0]).to.include({ state: 'refused', outcome: 'changed_since' });
      expect(await isTold(product, people.director, bill.ref)).to.contain('31 Jan 2030');
      expect(site().bill(bill.ref)?.status).to.equal('Pending Approval');
    }
    expect((await feed()).lease_owner, 'all of that while the feed was being read').not.to.equal(null);
    for (const posted of untouched) await cardNow(product, posted, ({ text }) => text.includes('Balanced'));
    expect(timesAsked(product) - asked).to.equal(untouched.length);

    await quiet();
    const stored = await db()('documents').whereIn('reference', refs).select('status', 'version');
    expect(stored).to.have.length(many);
    expect(stored.every(({ status, version }) => status === 'Pending Approval' && version === 2)).to.equal(true);
    const cards = await db()('cards')
      .where({ route_id: lane.routeId })
      .whereNotNull('document_id')
      .pluck('document_id');
    expect(cards).to.have.length(many);
    expect(new Set(cards).size).to.equal(many);
    // One may be on its way before its crowd is there; the rest is one message.
    const messages = () => product.sandbox.slack.messages(lane.channel);
    const gathered = () =>
      messages()
        .map(({ blocks }) => Number(/([\d,]+) bills · £/.exec(JSON.stringify(blocks))?.[1]?.replaceAll(',', '') ?? 0))
        .filter((count) => count > 0);
    const shown = () => (gathered()[0] ?? 0) + messages().length - 1;
    await waitUntil(() => gathered().length > 0 && shown() === many, {
      what: () =>
        `${many} bills to be shown; there is: ${messages()
          .map(({ text }) => text)
          .join(' | ')}`,
      timeoutMs: 30_000,
    });
    expect(gathered()).to.have.length(1);
    expect(messages().length).to.be.lessThan(12);
    expect(product.sandbox.slack.counters.refusals429).to.equal(0);
    expectNoSecret(product);
  });
});
