import { expect } from 'chai';
import {
  addBill,
  auditOf,
  buttonsOf,
  cardNow,
  decisionsOn,
  isTold,
  onlyWhenAsked,
  ownLanesOnly,
  postBill,
  timesAsked,
  toldTo,
} from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

describe('A click on a card', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'pace-only' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
  });
  after(() => product?.stop());
  afterEach(() => {
    product.sandbox.acumatica.changeSettings({
      approvalMap: ['amara.okafor'],
      serviceAccountApproves: 'one-step maps',
      reason: 'optional',
      missingReason: 'nothing done',
    });
    product.sandbox.slack.clearFaults();
  });

  const status = (ref: string) => product.sandbox.acumatica.bill(ref)?.status;
  const form = (user: string) =>
    waitUntil(() => product.sandbox.slack.openViews(user)[0], { what: `the form of ${user}` });
  const audited = async (bill: { ref: string }, kind: string) =>
    (await auditOf(product, bill as never)).filter((event) => event.kind === kind);

  it('of someone who may not decide does nothing in Acumatica, is explained to them alone and is audited', async () => {
    const posted = await postBill(product);
    const asked = timesAsked(product);
    expect(await product.click(posted.card, 'decide_approve', people.buyer)).to.include({ acked: true, status: 200 });
    const told = await isTold(product, people.buyer, 'not among the people who may decide');
    expect(told).to.contain(`Bill ${posted.bill.ref}`);
    expect(status(posted.bill.ref)).to.equal('Pending Approval');
    expect(timesAsked(product)).to.equal(asked);
    expect(toldTo(product, people.director)).to.deep.equal([]);
    const [refused] = await audited(posted.bill, 'decision.refused');
    expect(refused).to.deep.include({ actor: people.buyer });
    expect(refused?.data).to.include({ action: 'approve', outcome: 'not_a_decider' });
    expect(buttonsOf(await cardNow(product, posted))).to.include('decide_approve');
  });

  it('over the person’s limit is refused with both amounts', async () => {
    const deciders = [{ user: people.controller, upTo: { value: '1000.00', currency: 'GBP' } }];
    const { bill, card } = await postBill(product, { amount: '1000.01' }, { deciders });
    await product.click(card, 'decide_approve', people.controller);
    const told = await isTold(product, people.controller, bill.ref);
    expect(told).to.contain('up to £1,000.00').and.to.contain('£1,000.01');
    expect(status(bill.ref)).to.equal('Pending Approval');
  });

  it('at exactly the person’s limit is carried out', async () => {
    const deciders = [{ user: people.controller, upTo: { value: '1000', currency: 'GBP' } }];
    const { bill, card } = await postBill(product, { amount: '1000.00' }, { deciders });
    await product.click(card, 'decide_approve', people.controller);
    expect((await decisionsOn(product, bill))[0]).to.include({ state: 'done', outcome: 'approve_done' });
    expect(status(bill.ref)).to.equal('Balanced');
  });

  it('of someone whose limit is in another currency is refused, whatever the amount', async () => {
    const deciders = [{ user: people.controller, upTo: { value: '1000000', currency: 'GBP' } }];
    const { bill, card } = await postBill(product, { amount: '1.00', currency: 'EUR' }, { deciders });
    await product.click(card, 'decide_approve', people.controller);
    expect(await isTold(product, people.controller, bill.ref)).to.contain('this is in EUR');
    expect(status(bill.ref)).to.equal('Pending Approval');
  });

  it('of two people at once is one approval; Acumatica is asked once and the other person is told', async () => {
    const posted = await postBill(product);
    const asked = timesAsked(product);
    await Promise.all([
      product.click(posted.card, 'decide_approve', people.director),
      product.click(posted.card, 'decide_approve', people.controller),
    ]);
    const decisions = await decisionsOn(product, posted.bill, 2);
    expect(decisions.map(({ outcome }) => outcome)).to.have.members(['approve_done', 'not_possible_now']);
    expect(timesAsked(product)).to.equal(asked + 1);
    const late = decisions.find(({ state }) => state === 'refused')?.person ?? '';
    expect(await isTold(product, late, posted.bill.ref)).to.contain('Balanced in Acumatica now');
  });

  it('to approve and to reject at once ends as the first of them', async () => {
    const posted = await postBill(product);
    await product.click(posted.card, 'decide_reject', people.controller);
    const view = await form(people.controller);
    await Promise.all([
      product.click(posted.card, 'decide_approve', people.director),
      product.sandbox.slack.submitView(people.controller, view.id, { reason: { reason_text: 'Not ours' } }),
    ]);
    const decisions = await decisionsOn(product, posted.bill, 2);
    expect(decisions.map(({ state }) => state)).to.have.members(['done', 'refused']);
    const done = decisions.find(({ state }) => state === 'done');
    expect(status(posted.bill.ref)).to.equal(done?.action === 'approve' ? 'Balanced' : 'Rejected');
  });

  it('that Slack delivers several times, at once and again later, is one decision', async () => {
    const { bill, card } = await postBill(product);
    const asked = timesAsked(product);
    const { slack } = product.sandbox;
    const clicked = await slack.click({
      user: people.director,
      channel: card.channel,
      messageTs: card.ts,
      actionId: 'decide_approve',
      times: 3,
    });
    expect(clicked.acks.every(({ status: code }) => code === 200)).to.equal(true);
    await decisionsOn(product, bill);
    expect((await slack.redeliver('block_actions', 2)).map(({ status: code }) => code)).to.deep.equal([200, 200]);
    expect(await decisionsOn(product, bill)).to.have.length(1);
    expect(timesAsked(product)).to.equal(asked + 1);
  });

  it('pressed again and again by the same person is one decision', async () => {
    const { bill, card } = await postBill(product);
    const asked = timesAsked(product);
    const clicks = await Promise.all([1, 2, 3].map(() => product.click(card, 'decide_approve')));
    expect(clicks.every(({ acked }) => acked)).to.equal(true);
    await decisionsOn(product, bill);
    await waitUntil(() => status(bill.ref) === 'Balanced', { what: 'Balanced' });
    const decisions = await decisionsOn(product, bill);
    expect(decisions.filter(({ state }) => state === 'done')).to.have.length(1);
    expect(timesAsked(product)).to.equal(asked + 1);
  });

  it('on a bill whose amount changed in Acumatica approves nothing, shows the difference and redraws the card', async () => {
    const posted = await postBill(product, { amount: '1000.00' });
    const asked = timesAsked(product);
    product.sandbox.acumatica.editBill(posted.bill.ref, { amount: '9000.00' });
    await product.click(posted.card, 'decide_approve');
    const told = await isTold(product, people.director, posted.bill.ref);
    expect(told).to.contain('changed in Acumatica after the card was drawn').and.to.contain('£1,000.00 → £9,000.00');
    const redrawn = await cardNow(product, posted, ({ text }) => text.includes('£9,000.00'));
    expect(buttonsOf(redrawn)).to.include('decide_approve');
    expect(timesAsked(product)).to.equal(asked);
    expect(status(posted.bill.ref)).to.equal('Pending Approval');
    expect((await product.thread(redrawn))[0]).to.contain('amount £1,000.00 → £9,000.00');
    await product.click(redrawn, 'decide_approve');
    const decisions = await decisionsOn(product, posted.bill, 2);
    expect(decisions.map(({ outcome }) => outcome)).to.deep.equal(['changed_since', 'approve_done']);
  });

  for (const [what, change] of [
    ['vendor', { vendor: 'OTHER01', vendorName: 'Somebody Else Ltd' }],
    ['vendor reference', { vendorRef: 'INV-9999' }],
    ['lines', { lines: [{ description: 'Something else', amount: '1000.00' }] }],
  ] as const) {
    it(`on a bill whose ${what} changed approves nothing`, async () => {
      const { bill, card } = await postBill(product);
      product.sandbox.acumatica.editBill(bill.ref, {
        ...change,
        lines: 'lines' in change ? [...change.lines] : undefined,
      });
      await product.click(card, 'decide_approve');
      expect((await decisionsOn(product, bill))[0]).to.include({ outcome: 'changed_since' });
      expect(await isTold(product, people.director, bill.ref)).to.contain(what);
      expect(status(bill.ref)).to.equal('Pending Approval');
    });
  }

  it('on a bill that was decided in Acumatica meanwhile says so and closes the card', async () => {
    const posted = await postBill(product);
    product.sandbox.acumatica.decideInErp(posted.bill.ref, 'approve');
    await product.click(posted.card, 'decide_approve');
    expect(await isTold(product, people.director, posted.bill.ref)).to.contain('Balanced in Acumatica now');
    const closed = await cardNow(product, posted, ({ text }) => text.includes('Balanced'));
    expect(buttonsOf(closed)).to.deep.equal(['open_in_erp']);
  });

  it('on a bill that was deleted in Acumatica says so and closes the card', async () => {
    const posted = await postBill(product);
    product.sandbox.acumatica.removeBill(posted.bill.ref);
    await product.click(posted.card, 'decide_approve');
    expect(await isTold(product, people.director, posted.bill.ref)).to.contain('no longer in Acumatica');
    const closed = await cardNow(product, posted, ({ blocks }) =>
      JSON.stringify(blocks).includes('no longer in Acumatica'),
    );
    expect(buttonsOf(closed)).to.deep.equal([]);
  });

  it('to reject asks for a reason, keeps what was typed when it is refused, and tells it in Acumatica and the thread', async () => {
    const posted = await postBill(product);
    const { slack } = product.sandbox;
    await product.click(posted.card, 'decide_reject');
    const view = await form(people.director);
    const submit = (text: string) => slack.submitView(people.director, view.id, { reason: { reason_text: text } });
    const empty = await submit('  \n ');
    expect(empty).to.deep.include({ acked: true, closed: false });
    expect(empty.errors).to.have.property('reason').that.contains('why');
    expect(JSON.stringify(empty.views)).to.contain('\\n ');
    expect(status(posted.bill.ref)).to.equal('Pending Approval');
    expect(await submit('Price differs from the order <!channel>')).to.deep.include({ acked: true, closed: true });
    await decisionsOn(product, posted.bill);
    expect(product.sandbox.acumatica.bill(posted.bill.ref)).to.include({
      status: 'Rejected',
      reason: 'Price differs from the order <!channel>',
    });
    const [line] = await product.thread(posted.card);
    expect(line).to.contain('rejected this').and.to.contain('“Price differs from the order &lt;!channel&gt;”');
    const closed = await cardNow(product, posted, ({ text }) => text.includes('Rejected'));
    expect(buttonsOf(closed)).to.deep.equal(['open_in_erp']);
    expect(JSON.stringify(closed.blocks)).to.contain('Price differs');
    expect(closed.pinged).to.not.include('channel');
  });

  it('on the same form twice is one rejection', async () => {
    const { bill, card } = await postBill(product);
    await product.click(card, 'decide_reject');
    const view = await form(people.director);
    await product.sandbox.slack.submitView(people.director, view.id, { reason: { reason_text: 'No order' } });
    await product.sandbox.slack.redeliver('view_submission', 2);
    expect(await decisionsOn(product, bill)).to.have.length(1);
  });

  it('to release asks to confirm, posts to the ledger after the long operation and closes the card', async () => {
    const posted = await postBill(product, { status: 'Balanced' }, { actions: ['release', 'hold'] });
    expect(buttonsOf(posted.card)).to.deep.equal(['decide_release', 'decide_hold', 'open_in_erp']);
    expect(JSON.stringify(posted.card.blocks)).to.contain('This cannot be taken back from here.');
    await product.click(posted.card, 'decide_release');
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ state: 'done', outcome: 'release_done' });
    expect(status(posted.bill.ref)).to.equal('Open');
    const closed = await cardNow(product, posted, ({ text }) => text.includes('Open in Acumatica'));
    expect(buttonsOf(closed)).to.deep.equal(['open_in_erp']);
  });

  it('to put on hold does so and says it', async () => {
    const posted = await postBill(product, { status: 'Balanced' }, { actions: ['release', 'hold'] });
    await product.click(posted.card, 'decide_hold');
    await decisionsOn(product, posted.bill);
    expect(status(posted.bill.ref)).to.equal('On Hold');
    const closed = await cardNow(product, posted, ({ text }) => text.includes('On Hold'));
    expect(JSON.stringify(closed.blocks)).to.contain('Put on hold by');
  });

  describe('where Acumatica wants two approvals', () => {
    beforeEach(() =>
      product.sandbox.acumatica.changeSettings({
        approvalMap: ['amara.okafor', 'jonas.weber'],
        serviceAccountApproves: 'always',
      }),
    );

    it('gives one, leaves the card open and says so; another person’s completes it', async () => {
      const posted = await postBill(product);
      await product.click(posted.card, 'decide_approve', people.director);
      expect((await decisionsOn(product, posted.bill))[0]).to.include({ state: 'done', outcome: 'step_approved' });
      const open = await cardNow(product, posted, ({ blocks }) => JSON.stringify(blocks).includes('One step approved'));
      expect(buttonsOf(open)).to.include('decide_approve');
      expect((await product.thread(open))[0]).to.contain('More approvals are needed.');
      await product.click(open, 'decide_approve', people.controller);
      await decisionsOn(product, posted.bill, 2);
      expect(status(posted.bill.ref)).to.equal('Balanced');
      const closed = await cardNow(product, posted, ({ text }) => text.includes('Balanced'));
      expect(buttonsOf(closed)).to.deep.equal(['open_in_erp']);
      expect(product.sandbox.acumatica.bill(posted.bill.ref)?.steps.map(({ decision }) => decision)).to.deep.equal([
        'approved',
        'approved',
      ]);
    });

    it('does not let one impatient person give both', async () => {
      const posted = await postBill(product);
      const { slack } = product.sandbox;
      const asked = timesAsked(product);
      slack.setFault({
        kind: 'rate_limited',
        method: 'chat.update',
        channel: posted.lane.channel,
        retryAfter: 1,
        times: 1,
      });
      await product.click(posted.card, 'decide_approve', people.director);
      await decisionsOn(product, posted.bill);
      // The card still has its button: the redraw waits.
      await product.click(posted.card, 'decide_approve', people.director);
      const decisions = await decisionsOn(product, posted.bill, 2);
      expect(decisions.map(({ outcome }) => outcome)).to.deep.equal(['step_approved', 'gave_a_step']);
      expect(timesAsked(product)).to.equal(asked + 1);
      expect(await isTold(product, people.director, posted.bill.ref)).to.contain('someone else');
      expect(status(posted.bill.ref)).to.equal('Pending Approval');
    });

    it('counts a new round after the bill was held and sent again', async () => {
      const posted = await postBill(product);
      const { acumatica } = product.sandbox;
      await product.click(posted.card, 'decide_approve', people.director);
      await decisionsOn(product, posted.bill);
      acumatica.decideInErp(posted.bill.ref, 'hold');
      await product.readNow();
      await cardNow(product, posted, ({ text }) => text.includes('On Hold'));
      acumatica.decideInErp(posted.bill.ref, 'releaseFromHold');
      await product.readNow();
      const again = await cardNow(product, posted, ({ text }) => text.includes('Pending Approval'));
      await product.click(again, 'decide_approve', people.director);
      const decisions = await decisionsOn(product, posted.bill, 2);
      expect(decisions.map(({ outcome }) => outcome)).to.deep.equal(['step_approved', 'step_approved']);
    });
  });

  it('that Acumatica refuses is told in Acumatica’s words and leaves the card open', async () => {
    product.sandbox.acumatica.changeSettings({ serviceAccountApproves: 'never' });
    const posted = await postBill(product);
    await product.click(posted.card, 'decide_approve');
    const told = await isTold(product, people.director, posted.bill.ref);
    expect(told).to.contain('You are not an authorized approver for this document.');
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ state: 'refused', outcome: 'refused_by_erp' });
    expect(buttonsOf(await cardNow(product, posted))).to.include('decide_approve');
  });

  it('where Acumatica wants a reason for approving and none was given does not count as approved', async () => {
    product.sandbox.acumatica.changeSettings({ reason: 'required', missingReason: 'nothing done' });
    const { bill, card } = await postBill(product);
    await product.click(card, 'decide_approve');
    expect(await isTold(product, people.director, bill.ref)).to.contain('it may ask for a reason');
    expect((await decisionsOn(product, bill))[0]).to.include({ state: 'refused', outcome: 'refused_by_erp' });
    expect(status(bill.ref)).to.equal('Pending Approval');
  });

  it('while the connection is paused is refused', async () => {
    const { bill, card } = await postBill(product);
    const { db } = product.database;
    await db('connections').update({ status: 'paused' });
    await product.click(card, 'decide_approve');
    expect(await isTold(product, people.director, bill.ref)).to.contain('is paused');
    await db('connections').update({ status: 'active' });
    expect(status(bill.ref)).to.equal('Pending Approval');
  });

  it('on a card whose route was retired is refused, and the card loses its buttons', async () => {
    const posted = await postBill(product);
    await product.database.db('routes').where({ id: posted.lane.routeId }).update({ retired_at: new Date() });
    await product.click(posted.card, 'decide_approve');
    await isTold(product, people.director, posted.bill.ref);
    expect(status(posted.bill.ref)).to.equal('Pending Approval');
    const redrawn = await cardNow(product, posted, (card) => !buttonsOf(card).includes('decide_approve'));
    expect(buttonsOf(redrawn)).to.deep.equal(['open_in_erp']);
  });

  it('that Acumatica carried out is settled by reading when the outcome could not be stored', async () => {
    const { db } = product.database;
    const { bill, card } = await postBill(product);
    const asked = timesAsked(product);
    await db.raw(`create sequence fails_once;
      create function fail_once() returns trigger language plpgsql as $$
        begin
          if new.state = 'done' and nextval('fails_once') = 1 then raise exception 'The disk is full.'; end if;
          return new;
        end $$;
      create trigger fail_once before update on decisions for each row execute function fail_once()`);
    await product.click(card, 'decide_approve');
    expect((await decisionsOn(product, bill))[0]).to.include({ state: 'done', outcome: 'approve_done' });
    await db.raw('drop trigger fail_once on decisions; drop function fail_once; drop sequence fails_once');
    expect(timesAsked(product)).to.equal(asked + 1);
    expect(status(bill.ref)).to.equal('Balanced');
  });

  it('is acknowledged before Acumatica is asked, however slow that is', async () => {
    const { bill, card } = await postBill(product);
    product.sandbox.acumatica.setFault({ kind: 'slow', ms: 4_000, match: { path: '/Bill/' }, times: 1 });
    const { ms } = await product.click(card, 'decide_approve');
    expect(ms).to.be.lessThan(3_000);
    await decisionsOn(product, bill);
    expect(status(bill.ref)).to.equal('Balanced');
  });

  it('on a second card of the same bill in another channel closes both', async () => {
    const first = await postBill(product);
    const second = await postBill(product);
    await product.database
      .db('routes')
      .where({ id: second.lane.routeId })
      .update({ conditions: JSON.stringify({ vendors: [first.lane.vendor] }) });
    const bill = addBill(product, first.lane);
    await product.readNow();
    const here = await product.card(bill.ref, () => true, { channel: first.lane.channel });
    await product.card(bill.ref, () => true, { channel: second.lane.channel });
    await product.click(here, 'decide_approve');
    for (const { channel } of [first.lane, second.lane]) {
      const closed = await product.card(bill.ref, ({ text }) => text.includes('Balanced'), { channel });
      expect(buttonsOf(closed)).to.deep.equal(['open_in_erp']);
    }
  });
});
