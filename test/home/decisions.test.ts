import { expect } from 'chai';
import {
  addBill,
  buttonsOf,
  cardNow,
  decisionsOn,
  onlyWhenAsked,
  ownLane,
  ownLanesOnly,
  postBill,
  timesAsked,
} from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { buttonsIn, firstRead, home, homeNow, openHome, press } from './homes.ts';

describe('App Home, for a person who decides', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'pace-only' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    await firstRead(product);
  });
  after(() => product?.stop());
  afterEach(() => product.sandbox.slack.clearFaults());

  const status = (ref: string) => product.sandbox.acumatica.bill(ref)?.status;
  const only = (person: string) => ({ deciders: [{ user: person }] });

  it('says in a friendly way that nothing waits, and to somebody on no route why', async () => {
    const clerk = await openHome(product, people.clerk);
    expect(clerk.text).to.contain('Nothing waits for you').and.contain('No route names you');
    await ownLane(product, only(people.clerk));
    expect((await openHome(product, people.clerk)).text).to.contain('All done');
  });

  it('lists what waits for this person and nobody else, due soonest first', async () => {
    const lane = await ownLane(product, only(people.buyer));
    const late = addBill(product, lane, { dueDate: '2026-12-24' });
    const soon = addBill(product, lane, { dueDate: '2026-11-25' });
    await product.readNow();
    const found = await openHome(product, people.buyer, ({ text }) => text.includes(late.ref));
    expect(found.text).to.contain('Waiting for you: 2');
    expect(found.text.indexOf(soon.ref)).to.be.lessThan(found.text.indexOf(late.ref));
    expect((await openHome(product, people.clerk)).text).to.not.contain(soon.ref);
  });

  it('approves right there: Acumatica, the card and Home say so', async () => {
    const posted = await postBill(product, {}, only(people.director));
    const { bill } = posted;
    await openHome(product, people.director, ({ text }) => text.includes(bill.ref));
    expect(await press(product, people.director, 'home_approve', bill.ref)).to.include({ acked: true, status: 200 });
    expect((await decisionsOn(product, bill))[0]).to.include({ state: 'done', person: people.director });
    expect(status(bill.ref)).to.equal('Balanced');
    const shown = await home(product, people.director, ({ text }) => text.includes(`Approved: Bill ${bill.ref}`));
    expect(shown.text).to.contain('Nothing waits for you');
    const card = await cardNow(product, posted, (each) => !buttonsOf(each).includes('decide_approve'));
    expect(JSON.stringify(card.blocks)).to.contain('Approved by');
    const row = await product.database.db('cards').where({ message_id: card.ts }).first('copies');
    expect(row.copies).to.deep.equal([]);
  });

  it('rejects with a reason, asked for in the same form as on a card', async () => {
    const posted = await postBill(product, {}, only(people.director));
    const { bill } = posted;
    await openHome(product, people.director, ({ text }) => text.includes(bill.ref));
    const clicked = await press(product, people.director, 'home_reject', bill.ref);
    expect(clicked.acked).to.equal(true);
    const view = await waitUntil(() => product.sandbox.slack.openViews(people.director)[0], { what: 'the form' });
    expect(await decisionsOn(product, bill, 0)).to.deep.equal([]);
    await product.sandbox.slack.submitView(people.director, view.id, { reason: { reason_text: 'Not ordered' } });
    await decisionsOn(product, bill);
    expect(status(bill.ref)).to.equal('Rejected');
    await home(product, people.director, ({ text }) => text.includes(`Rejected: Bill ${bill.ref}`));
    await cardNow(product, posted, (card) => JSON.stringify(card.blocks).includes('Not ordered'));
  });

  it('takes away what somebody else decided first, and says so to whoever pressed too late', async () => {
    const deciders = [{ user: people.director }, { user: people.controller }];
    const { bill, card } = await postBill(product, {}, { deciders });
    for (const person of [people.director, people.controller]) {
      await openHome(product, person, ({ text }) => text.includes(bill.ref));
    }
    const asked = timesAsked(product);
    await Promise.all([
      product.click(card, 'decide_approve', people.controller),
      press(product, people.director, 'home_approve', bill.ref),
    ]);
    const decisions = await decisionsOn(product, bill, 2);
    expect(decisions.map(({ outcome }) => outcome)).to.have.members(['approve_done', 'not_possible_now']);
    expect(timesAsked(product)).to.equal(asked + 1);
    const late = decisions.find(({ state }) => state === 'refused')?.person ?? '';
    const told = await home(product, late, ({ text }) => text.includes(`Not approved: Bill ${bill.ref}`));
    expect(told.text).to.contain('Balanced in Acumatica now').and.contain('Nothing waits for you');
    await home(product, people.director, ({ text }) => text.includes('Nothing waits for you'));
  });

  it('is one decision, however often Slack delivers the click', async () => {
    const { bill } = await postBill(product, {}, only(people.director));
    const found = await openHome(product, people.director, ({ text }) => text.includes(bill.ref));
    const block = found.blocks.find((each) => JSON.stringify(each).includes('home_approve'));
    await product.sandbox.slack.click({
      user: people.director,
      viewId: found.id,
      blockId: String(block?.block_id),
      actionId: 'home_approve',
      times: 3,
    });
    await decisionsOn(product, bill);
    await product.sandbox.slack.redeliver('block_actions', 2);
    expect(await decisionsOn(product, bill)).to.have.length(1);
  });

  it('refuses a decision on what has changed since Home was drawn', async () => {
    const { bill } = await postBill(product, { amount: '100.00' }, only(people.director));
    await openHome(product, people.director, ({ text }) => text.includes(bill.ref));
    product.sandbox.acumatica.editBill(bill.ref, { amount: '9100.00' });
    await press(product, people.director, 'home_approve', bill.ref);
    expect((await decisionsOn(product, bill))[0]).to.include({ outcome: 'changed_since' });
    expect(status(bill.ref)).to.equal('Pending Approval');
    const shown = await home(product, people.director, ({ text }) => text.includes(`Not approved: Bill ${bill.ref}`));
    expect(shown.text).to.contain('£9,100.00');
  });

  it('takes the text of the ERP literally, however it is meant', async () => {
    const evil = '<!channel> *bold* <https://evil.example|click> \u202Eab & <@U0FINDIR01>';
    const { bill } = await postBill(
      product,
      { vendorName: evil, description: `${evil}\n${'x'.repeat(5_000)}` },
      only(people.director),
    );
    const found = await openHome(product, people.director, ({ text }) => text.includes(bill.ref));
    const drawn = JSON.stringify(found.blocks);
    expect(drawn).to.contain('<!channel> *bold*');
    expect(drawn)
      .to.not.match(/"type":"mrkdwn","text":"[^"]*evil/)
      .and.not.contain('x'.repeat(401));
    expect(buttonsIn(found)).to.include('home_approve');
    await press(product, people.director, 'home_approve', bill.ref);
    await decisionsOn(product, bill);
  });

  it('costs nothing for people who never opened it', async () => {
    await postBill(product, {}, only(people.admin));
    const rows = await product.database.db('home_views').where({ person: people.admin });
    expect(rows).to.deep.equal([]);
    expect(homeNow(product, people.admin)).to.equal(undefined);
  });

  it('is not published when the Messages tab is opened', async () => {
    product.sandbox.slack.openHome(people.admin, 'messages');
    await openHome(product, people.director);
    expect(homeNow(product, people.admin)).to.equal(undefined);
  });
});
