import { expect } from 'chai';
import { replayDead } from '../../app/cards/replay.ts';
import { install } from '../../demo/install.ts';
import { removeMessage } from '../../sandbox/slack/posting.ts';
import {
  addBill,
  auditOf,
  buttonsOf,
  cardNow,
  decisionsOn,
  expectNoSecret,
  hurry,
  isTold,
  onlyWhenAsked,
  ownLane,
  ownLanesOnly,
  type Posted,
  postBill,
  type TestLane,
  toldTo,
} from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const installer = people.admin;
type Fault = Parameters<Product['sandbox']['slack']['setFault']>[0];

describe('When Slack has a bad day', () => {
  let product: Product;
  let unanswered: { lane: TestLane; ref: string };
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'pace-only', botEvents: ['app_uninstalled', 'tokens_revoked'] } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    await product.database.db('installations').update({ installer_user_id: installer });
    // The app gives up on an answer after ten seconds: the case at the end looks at what became of this one.
    const lane = await ownLane(product);
    fault({ kind: 'timeout_after_done', method: 'chat.postMessage', channel: lane.channel, times: 1 });
    unanswered = { lane, ref: addBill(product, lane).ref };
    await product.readNow();
    await product.card(unanswered.ref, () => true, { channel: lane.channel });
  });
  after(() => product?.stop());

  const { slack, acumatica, db } = {
    slack: () => product.sandbox.slack,
    acumatica: () => product.sandbox.acumatica,
    db: () => product.database.db,
  };
  const fault = (input: Fault) => slack().setFault(input);
  const cardRow = (ref: string) =>
    db()('cards as c').join('documents as d', 'd.id', 'c.document_id').where('d.reference', ref).first('c.*');
  const cardState = (ref: string, state: string) =>
    waitUntil(async () => ((await cardRow(ref))?.state === state ? cardRow(ref) : undefined), {
      what: () => `the card of ${ref} is ${state}; the log says:\n${product.logLines.slice(-15).join('')}`,
      timeoutMs: 20_000,
    });
  const standing = ({ channel }: TestLane, ref: string) =>
    slack()
      .messages(channel)
      .filter((message) => !message.ephemeralTo && !message.threadTs && message.text.includes(ref));

  /** Waits without the pauses between tries. */
  async function hurrying<T>(wait: Promise<T>): Promise<T> {
    const timer = setInterval(() => void hurry(product).catch(() => undefined), 150);
    try {
      return await wait;
    } finally {
      clearInterval(timer);
    }
  }

  async function postInto(lane: TestLane, first: Omit<Fault, 'method' | 'channel'>) {
    fault({ times: 1, ...first, method: 'chat.postMessage', channel: lane.channel });
    const bill = addBill(product, lane);
    await product.readNow();
    return bill;
  }

  it('a post that comes too early waits as asked, and the order holds', async () => {
    const lane = await ownLane(product);
    fault({ kind: 'rate_limited', retryAfter: 2, method: 'chat.postMessage', channel: lane.channel, times: 1 });
    const refs = [1, 2, 3].map(() => addBill(product, lane).ref);
    const askedAt = Date.now();
    await product.readNow();
    await waitUntil(() => standing(lane, refs[2] ?? '').length > 0, {
      what: () => `the third card; the log says:\n${product.logLines.slice(-60).join('')}`,
    });
    const posts = slack()
      .journal.since()
      .filter(({ channel, kind }) => channel === lane.channel && kind === 'post');
    expect(posts.map(({ text }) => refs.find((ref) => text.includes(ref)))).to.deep.equal(refs);
    expect((posts[0]?.at ?? 0) - askedAt).to.be.at.least(1_900);
    expect((await cardRow(refs[0] ?? '')).unclear_posts).to.equal(0);
  });

  for (const [what, first] of [
    ['the connection broke', { kind: 'drop_after_done' }],
    ['internal_error', { kind: 'error', error: 'internal_error', done: true }],
    ['fatal_error', { kind: 'error', error: 'fatal_error', done: true }],
    ['HTTP 500', { kind: 'http_500', done: true }],
    ['half of the JSON', { kind: 'truncated_json' }],
  ] as const) {
    it(`a post that stands although its answer was lost (${what}) is found and not repeated`, async () => {
      const lane = await ownLane(product);
      const bill = await postInto(lane, first);
      const card = await hurrying(cardState(bill.ref, 'posted'));
      expect(card).to.include({ unclear_posts: 1 });
      const [message, ...more] = standing(lane, bill.ref);
      expect(more).to.deep.equal([]);
      expect(card.message_id).to.equal(message?.ts);
      expect((await auditOf(product, bill)).map(({ kind }) => kind)).to.include('card.found');
    });
  }

  for (const [what, first] of [
    ['the connection broke', { kind: 'drop_before' }],
    ['internal_error', { kind: 'error', error: 'internal_error' }],
    ['HTTP 500', { kind: 'http_500' }],
  ] as const) {
    it(`a post that was lost (${what}) is looked for and then made once`, async () => {
      const lane = await ownLane(product);
      const bill = await postInto(lane, first);
      expect(await hurrying(cardState(bill.ref, 'posted'))).to.include({ unclear_posts: 1 });
      expect(standing(lane, bill.ref)).to.have.length(1);
    });
  }

  it('a lost post that many messages follow is found behind them', async () => {
    const lane = await ownLane(product);
    const bill = await postInto(lane, { kind: 'drop_after_done' });
    await cardState(bill.ref, 'uncertain');
    for (let n = 0; n < 230; n += 1) slack().post({ user: people.clerk, channel: lane.channel, text: `message ${n}` });
    await hurrying(cardState(bill.ref, 'posted'));
    expect(standing(lane, bill.ref)).to.have.length(1);
  });

  it('a click on a post whose answer was lost reveals it, and it is not repeated', async () => {
    const lane = await ownLane(product, { bot: false });
    const bill = await postInto(lane, { kind: 'drop_after_done' });
    await cardState(bill.ref, 'uncertain');
    const card = await product.card(bill.ref, () => true, { channel: lane.channel });
    expect(await product.click(card, 'decide_approve')).to.include({ acked: true });
    await decisionsOn(product, bill);
    expect(acumatica().bill(bill.ref)?.status).to.equal('Balanced');
    await hurrying(cardNow(product, { bill, card, lane }, ({ text }) => text.includes('Balanced')));
    expect(standing(lane, bill.ref)).to.have.length(1);
  });

  it('where the channel may not be read, a lost post stands at most twice, and a decision closes both', async () => {
    const lane = await ownLane(product, { bot: false });
    const bill = await postInto(lane, { kind: 'drop_after_done' });
    expect(await hurrying(cardState(bill.ref, 'posted'))).to.include({ unclear_posts: 1 });
    const copies = standing(lane, bill.ref);
    expect(copies).to.have.length(2);
    const lost = { ...(await product.card(bill.ref, ({ ts }) => ts === copies[0]?.ts, { channel: lane.channel })) };
    await product.click(lost, 'decide_approve');
    await decisionsOn(product, bill);
    await waitUntil(() => standing(lane, bill.ref).every(({ text }) => text.includes('Balanced')), {
      what: 'both are redrawn',
    });
    for (const message of standing(lane, bill.ref)) {
      expect(JSON.stringify(message.blocks)).to.not.contain('decide_approve');
    }
  });

  it('where the channel may not be read and no answer comes, it is not posted a third time but told', async () => {
    const lane = await ownLane(product, { bot: false });
    const bill = await postInto(lane, { kind: 'drop_after_done', times: 5 });
    const dead = await hurrying(cardState(bill.ref, 'dead'));
    expect(dead.dead_reason).to.contain('no clear answer twice');
    expect(dead.unclear_posts).to.equal(2);
    slack().clearFaults();
    expect(standing(lane, bill.ref)).to.have.length(2);
    await isTold(product, installer, `<#${lane.channel}>`);
    const card = await product.card(bill.ref, () => true, { channel: lane.channel });
    await product.click(card, 'decide_approve');
    await decisionsOn(product, bill);
    const closed = await product.card(bill.ref, ({ ts, text }) => ts === card.ts && text.includes('Balanced'), {
      channel: lane.channel,
    });
    expect(buttonsOf(closed)).to.deep.equal(['open_in_erp']);
  });

  it('a layout that Slack refuses is posted as a plain line with the way into Acumatica', async () => {
    const lane = await ownLane(product);
    const bill = await postInto(lane, { kind: 'error', error: 'invalid_blocks' });
    const card = await product.card(bill.ref, () => true, { channel: lane.channel });
    expect(card.blocks).to.deep.equal([]);
    expect(card.text)
      .to.contain(`Bill ${bill.ref} from Ashworth &amp; Sons for £1,000.00`)
      .and.to.contain('|Open in Acumatica>');
  });

  it('a decided card whose layout Slack refuses loses its buttons all the same', async () => {
    const posted = await postBill(product);
    fault({ kind: 'error', error: 'invalid_blocks', method: 'chat.update', channel: posted.lane.channel, times: 1 });
    await product.click(posted.card, 'decide_approve');
    const closed = await cardNow(product, posted, ({ text }) => text.includes('Balanced'));
    expect(closed.blocks).to.deep.equal([]);
  });

  it('an archived channel makes its cards wait for a person, who is told once; a replay posts them', async () => {
    const lane = await ownLane(product);
    slack().setArchived(lane.channel, true);
    const told = toldTo(product, installer).length;
    const bills = [addBill(product, lane), addBill(product, lane)];
    await product.readNow();
    for (const bill of bills) expect((await cardState(bill.ref, 'dead')).dead_reason).to.contain('archived');
    const late = addBill(product, lane);
    await product.readNow();
    await cardState(late.ref, 'dead');
    const news = await isTold(product, installer, `<#${lane.channel}> could not be posted`);
    expect(news).to.contain('The channel is archived');
    expect(toldTo(product, installer)).to.have.length(told + 1);
    slack().setArchived(lane.channel, false);
    await replayDead(db(), 'test', lane.channel);
    for (const bill of [...bills, late]) await product.card(bill.ref, () => true, { channel: lane.channel });
  });

  it('a private channel without the app makes its cards wait, and says what to do', async () => {
    const lane = await ownLane(product, { private: true, bot: false });
    const bill = addBill(product, lane);
    await product.readNow();
    expect((await cardState(bill.ref, 'dead')).dead_reason).to.contain('Invite the app');
  });

  it('a card that somebody deleted is posted anew as it is now', async () => {
    const posted = await postBill(product);
    const message = slack().state.messages.get(posted.lane.channel, posted.card.ts);
    if (!message) throw new Error('The card is not there.');
    removeMessage(slack().state, message);
    acumatica().editBill(posted.bill.ref, { amount: '77.70' });
    await product.readNow();
    const anew = await cardNow(product, posted, ({ text }) => text.includes('£77.70'));
    expect(anew.ts).to.not.equal(posted.card.ts);
    expect(standing(posted.lane, posted.bill.ref)).to.have.length(1);
    expect(buttonsOf(anew)).to.include('decide_approve');
  });

  it('a redraw whose answer was lost is made again', async () => {
    const posted = await postBill(product);
    fault({ kind: 'drop_before', method: 'chat.update', channel: posted.lane.channel, times: 1 });
    await product.click(posted.card, 'decide_approve');
    await hurrying(cardNow(product, posted, ({ text }) => text.includes('Balanced')));
  });

  for (const [what, kind] of [
    ['stands', 'drop_after_done'],
    ['was lost', 'drop_before'],
  ] as const) {
    it(`a thread line without an answer that ${what} appears once`, async () => {
      const posted = await postBill(product);
      fault({ kind, method: 'chat.postMessage', channel: posted.lane.channel, times: 1 });
      await product.click(posted.card, 'decide_approve');
      await waitUntil(
        async () =>
          (await db()('thread_lines').where({ card_id: (await cardRow(posted.bill.ref)).id, state: 'uncertain' }))
            .length,
        { what: 'an uncertain line' },
      );
      await hurrying(
        waitUntil(
          async () =>
            (await db()('thread_lines').where({ card_id: (await cardRow(posted.bill.ref)).id, state: 'posted' }))
              .length,
          { what: 'a line that stands' },
        ),
      );
      expect(await product.thread(posted.card)).to.have.length(1);
    });
  }

  it('redraws that come too often do not hold back new cards', async () => {
    const posted = await postBill(product);
    fault({ kind: 'rate_limited', retryAfter: 2, method: 'chat.update', channel: posted.lane.channel, times: 1 });
    acumatica().editBill(posted.bill.ref, { amount: '2000.00' });
    const next = addBill(product, posted.lane);
    await product.readNow();
    await product.card(next.ref, () => true, { channel: posted.lane.channel });
    expect((await cardNow(product, posted)).text).to.contain('£1,000.00');
    await cardNow(product, posted, ({ text }) => text.includes('£2,000.00'));
  });

  it('a post that was never answered at all is found after the time is over, and stands once', async () => {
    await hurrying(cardState(unanswered.ref, 'posted'));
    expect(standing(unanswered.lane, unanswered.ref)).to.have.length(1);
    expect(await cardRow(unanswered.ref)).to.include({ unclear_posts: 1 });
  });

  describe('and access ends', () => {
    const installation = () => db()('installations').first();
    const isState = (state: string) =>
      waitUntil(async () => (await installation()).state === state, { what: `the installation is ${state}` });
    /** News of an ended access is compared with the install by whole seconds. */
    const nextSecond = () => {
      const second = Math.floor(Date.now() / 1_000);
      return waitUntil(() => Date.now() / 1_000 > second + 1, { what: 'the next second' });
    };

    async function everythingOnce(posted: Posted, waiting: { ref: string }): Promise<void> {
      await hurrying(cardNow(product, posted, ({ text }) => text.includes('£4,321.00')));
      await hurrying(product.card(waiting.ref, () => true, { channel: posted.lane.channel, timeoutMs: 20_000 }));
      expect(standing(posted.lane, posted.bill.ref)).to.have.length(1);
      expect(standing(posted.lane, waiting.ref)).to.have.length(1);
    }

    it('by an uninstall: nothing is sent, nothing is lost, and all arrives once after the next install', async () => {
      const posted = await postBill(product);
      await nextSecond();
      slack().uninstall();
      await isState('uninstalled');
      acumatica().editBill(posted.bill.ref, { amount: '4321.00' });
      const waiting = addBill(product, posted.lane);
      await product.readNow();
      await hurry(product);
      await install(product.appUrl);
      await product.readNow();
      await everythingOnce(posted, waiting);
    });

    it('by an uninstall whose news comes after the next install: the new install stays', async () => {
      const posted = await postBill(product);
      slack().uninstall({ events: 'held' });
      await nextSecond();
      await install(product.appUrl);
      await nextSecond();
      await slack().state.events.release(['app_uninstalled', 'tokens_revoked']);
      expect((await installation()).state).to.equal('active');
      acumatica().editBill(posted.bill.ref, { amount: '4321.00' });
      const waiting = addBill(product, posted.lane);
      await product.readNow();
      await everythingOnce(posted, waiting);
    });

    it('by a revoked token of which no news came: the first refusal tells, and all arrives once after the next install', async () => {
      const posted = await postBill(product);
      await db()('installations').update({ installed_at: new Date(Date.now() - 60_000) });
      slack().revokeToken({ events: 'none' });
      acumatica().editBill(posted.bill.ref, { amount: '4321.00' });
      const waiting = addBill(product, posted.lane);
      await product.readNow();
      await isState('revoked');
      expect((await cardRow(waiting.ref)).state).to.equal('pending');
      await install(product.appUrl);
      await everythingOnce(posted, waiting);
      await isState('active');
    });

    it('and no log line and no message held a secret', () => {
      expectNoSecret(product);
    });
  });
});
