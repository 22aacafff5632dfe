import { expect } from 'chai';
import type { BillFields } from '../../sandbox/acumatica/index.ts';
import {
  addBill,
  buttonsOf,
  cardNow,
  decisionsOn,
  onlyWhenAsked,
  ownLane,
  ownLanesOnly,
  postBill,
} from '../support/lanes.ts';
import { type CardMessage, type Product, people, startProduct } from '../support/product.ts';

describe('A bill that is odd', () => {
  let product: Product;
  const timeZone = process.env.TZ;
  before(async () => {
    // Far from UTC, where a day is shifted most easily.
    process.env.TZ = 'America/Los_Angeles';
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'off' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
  });
  after(async () => {
    if (timeZone === undefined) delete process.env.TZ;
    else process.env.TZ = timeZone;
    await product?.stop();
  });

  interface Block {
    type: string;
    text?: { text: string };
    elements?: unknown[];
  }
  const headline = (card: CardMessage) =>
    (card.blocks as Block[]).find(({ type }) => type === 'header')?.text?.text ?? '';
  const all = (card: CardMessage) => JSON.stringify(card.blocks);
  /** Whom the message notifies, apart from those who are asked. */
  const pinged = (card: CardMessage) =>
    card.pinged.filter((who) => who !== people.director && who !== people.controller);

  async function readable(fields: BillFields): Promise<CardMessage> {
    const { card } = await postBill(product, fields);
    expect(pinged(card)).to.deep.equal([]);
    expect(headline(card).length).to.be.within(1, 150);
    return card;
  }

  it('without a vendor says so, and to be careful', async () => {
    const lane = await ownLane(product, {
      conditions: { vendors: undefined, amountAtLeast: '555.55', amountBelow: '555.56' },
    });
    const bill = addBill(product, lane, { vendor: null, vendorName: undefined, amount: '555.55' });
    await product.readNow();
    const card = await product.card(bill.ref, () => true, { channel: lane.channel });
    expect(headline(card)).to.contain('no vendor · £555.55');
    expect(all(card)).to.contain('No vendor yet: check it before deciding.');
  });

  it('without an amount says so, and a limit does not let it pass', async () => {
    const deciders = [{ user: people.controller, upTo: { value: '5000', currency: 'GBP' } }];
    const posted = await postBill(product, { amount: null, lines: [] }, { deciders });
    expect(headline(posted.card)).to.contain('no amount yet');
    expect(all(posted.card)).to.contain('No amount yet: check it before deciding.');
    expect(posted.card.text).to.contain('amount not known yet');
    await product.click(posted.card, 'decide_approve', people.controller);
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ outcome: 'amount_unknown' });
  });

  it('of four hundred lines shows five and counts the rest', async () => {
    const card = await readable({ lineCount: 400, amount: '40000.00' });
    expect(all(card)).to.contain('and 395 more');
  });

  it('with a change in its four hundredth line is not what was approved', async () => {
    const lines = Array.from({ length: 400 }, (_, n) => ({ description: `Line ${n}`, amount: '1.00' }));
    const posted = await postBill(product, { lines });
    product.sandbox.acumatica.editBill(posted.bill.ref, {
      lines: lines.map((line, n) => (n === 399 ? { ...line, account: '99999' } : line)),
    });
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ outcome: 'changed_since' });
  });

  it('with ten thousand characters of description, and lines as long, stays a readable card', async () => {
    const long = 'A long story about an invoice. '.repeat(330);
    const card = await readable({ description: long, lines: [{ description: long, amount: '12.00' }] });
    expect(all(card).length).to.be.lessThan(6_000);
    expect(all(card)).to.contain('…');
    expect(buttonsOf(card)).to.deep.equal(['decide_approve', 'decide_reject', 'open_in_erp']);
  });

  it('with hostile text everywhere pings nobody and reads as it is written', async () => {
    const hostile = '<!channel> & "Söhne" <@U0BUYER005> <https://evil.example|Approve> @here *bold* `x` :tada:';
    const card = await readable({
      description: hostile,
      vendorRef: hostile.slice(0, 40),
      lines: [{ description: hostile, amount: '10.00' }],
    });
    expect(all(card)).to.contain('<!channel> & \\"Söhne\\" <@U0BUYER005>');
    expect(card.text).to.not.match(/<[!@h]/);
  });

  it('of a vendor with a hostile name pings nobody, in the card, its text, its thread and in private', async () => {
    const name = '<!channel> & "Söhne" <@U0BUYER005>';
    const lane = await ownLane(product);
    const bill = addBill(product, lane, { vendorName: name });
    await product.readNow();
    const card = await product.card(bill.ref, () => true, { channel: lane.channel });
    expect(headline(card)).to.contain(name);
    expect(card.text).to.contain('&lt;!channel&gt; &amp; "Söhne"');
    product.sandbox.acumatica.editBill(bill.ref, { vendor: '<!HERE>', vendorName: name, description: name });
    await product.click(card, 'decide_approve');
    await product.thread(card);
    const { slack } = product.sandbox;
    for (const message of slack.messages(lane.channel)) {
      expect(message.pinged.filter((who) => !['U0FINDIR01', 'U0CTRLLR02'].includes(who))).to.deep.equal([]);
    }
  });

  it('of a vendor with a very long name still shows the amount and the date', async () => {
    const lane = await ownLane(product);
    const bill = addBill(product, lane, {
      vendorName: `The ${'Very '.repeat(40)}Long Company`,
      amount: '1234.56',
      dueDate: '2026-03-01',
    });
    await product.readNow();
    const card = await product.card(bill.ref, () => true, { channel: lane.channel });
    expect(headline(card)).to.contain('… · £1,234.56 · due 1 Mar 2026');
    expect(all(card)).to.contain('Long Company');
  });

  it('in a currency that is no ISO code, or none that is known, shows it behind or before the number', async () => {
    expect(headline(await readable({ currency: 'Points', amount: '12.5' }))).to.contain('12.50 Points');
    expect(headline(await readable({ currency: 'XQZ', amount: '12.5' }))).to.match(/XQZ\s12\.50/);
    expect(headline(await readable({ currency: 'JPY', amount: '1234' }))).to.match(/JP¥1,234( ·|$)/);
  });

  it('of thirty digits is exact to the last of them', async () => {
    const card = await readable({ amount: '123456789012345678901234567890.1234' });
    expect(headline(card)).to.contain('£123,456,789,012,345,678,901,234,567,890.1234');
  });

  for (const [amount, shown] of [
    ['0', '£0.00'],
    ['-1250.5', '-£1,250.50'],
    ['0.0001', '£0.0001'],
  ] as const) {
    it(`of ${amount} shows ${shown}`, async () => {
      expect(headline(await readable({ type: 'Debit Adj.', amount })))
        .to.contain(`Debit Adj. `)
        .and.to.contain(shown);
    });
  }

  for (const zone of ['America/Los_Angeles', 'Pacific/Kiritimati']) {
    it(`with dates at midnight UTC keeps its days in ${zone}`, async () => {
      process.env.TZ = zone;
      const card = await readable({ date: '2026-02-28', dueDate: '2026-03-01' });
      expect(headline(card)).to.contain('due 1 Mar 2026');
      expect(card.text).to.contain('due 1 Mar 2026');
      expect(all(card)).to.contain('dated 28 Feb 2026');
    });
  }

  it('without dates, terms and reference leaves them out', async () => {
    const card = await readable({ date: null, dueDate: null, terms: null, vendorRef: null, description: null });
    expect(headline(card)).to.not.contain('due');
    expect(all(card)).to.not.contain('null').and.not.to.contain('undefined');
  });

  it('with emoji, right-to-left and control characters is stored, shown and decided', async () => {
    const description = `👩‍👩‍👧‍👦 שלום مرحبا \u0000\u0007\u001b[31m\u202E00.1£\u202C \ud83d end\u2028next`;
    const posted = await postBill(product, { description, lines: [{ description, amount: '5.00' }] });
    expect(all(posted.card)).to.contain('👩‍👩‍👧‍👦 שלום مرحبا');
    expect(all(posted.card)).to.not.match(/\u202E|\\u0000|\\ud83d/i);
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ state: 'done' });
  });

  it('in a state that means nothing to us is shown, with nothing to decide', async () => {
    const card = await readable({ status: 'Scheduled' });
    expect(card.text).to.contain('Scheduled in Acumatica');
    expect(buttonsOf(card)).to.deep.equal(['open_in_erp']);
  });

  it('with a reference that needs escaping is read again and decided', async () => {
    const posted = await postBill(product, { ref: "O'N/1 #2+3%25" });
    expect(headline(posted.card)).to.contain("Bill O'N/1 #2+3%25");
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ state: 'done', outcome: 'approve_done' });
    const closed = await cardNow(product, posted, ({ text }) => text.includes('Balanced'));
    expect(buttonsOf(closed)).to.deep.equal(['open_in_erp']);
  });
});
