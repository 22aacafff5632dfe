import { expect } from 'chai';
import { historyIds, shortcutIds } from '../../app/slack/ids.ts';
import { addBill, cardNow, decisionsOn, onlyWhenAsked, ownLane, ownLanesOnly, toldTo } from '../support/lanes.ts';
import { channels, type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { closeForms, filled, postStanding, press, showHistory, wordsOf } from './support.ts';

describe('the message shortcut “Show history”', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked, routes: ownLanesOnly });
  });
  afterEach(() => closeForms(product));
  after(() => product.stop());

  it('on a card opens what happened to its document, for anybody in the channel', async () => {
    const posted = await postStanding(product);
    await product.click(posted.card, 'decide_approve');
    await decisionsOn(product, posted.bill);
    const { ts } = await cardNow(product, posted, ({ text }) => text.includes('Balanced'));
    const view = await showHistory(product, { channel: posted.lane.channel, ts });
    const words = wordsOf(view).replace(/\n[\d-]+ [\d:]+ UTC\n: /g, '\n');
    expect(words).to.match(new RegExp(`^Bill ${posted.bill.ref}\n · Ashworth & Sons · £1,000.00`));
    expect(words).to.match(
      /first read, Pending Approval[\s\S]*card posted[\s\S]* asked to approve[\s\S]*the ERP was asked to approve[\s\S]*status Pending Approval → Balanced[\s\S]*approved by \nU0FINDIR01/,
    );
    expect(view.definition).to.deep.include({ title: { type: 'plain_text', text: 'History' } });
  });

  it('on a reply in a card’s thread shows the same', async () => {
    const { bill, card, lane } = await postStanding(product);
    const reply = product.sandbox.slack.post({
      user: people.buyer,
      channel: lane.channel,
      text: 'whose is this?',
      threadTs: card.ts,
    });
    expect(wordsOf(await showHistory(product, reply))).to.match(new RegExp(`^Bill ${bill.ref}`));
  });

  it('on a second copy of a card, which a lost answer left, shows the same', async () => {
    const { bill, card, lane } = await postStanding(product);
    const copy = product.sandbox.slack.post({ user: people.buyer, channel: lane.channel, text: 'stands for the copy' });
    await product.database
      .db('cards')
      .where({ message_id: card.ts })
      .update({ copies: [copy.ts] });
    expect(wordsOf(await showHistory(product, copy))).to.match(new RegExp(`^Bill ${bill.ref}`));
  });

  it('on any other message says in a sentence that there is none', async () => {
    const { slack } = product.sandbox;
    const message = slack.post({ user: people.buyer, channel: channels.approvals, text: 'good morning' });
    expect(wordsOf(await showHistory(product, message))).to.match(/^This message is no card of a document/);
    expect(toldTo(product, people.buyer)).to.deep.equal([]);
  });

  it('does not know the cards of another channel, nor of another workspace', async () => {
    const { card } = await postStanding(product);
    const { db } = product.database;
    const elsewhere = await ownLane(product);
    const message = product.sandbox.slack.post({
      user: people.buyer,
      channel: elsewhere.channel,
      text: 'the same time',
    });
    await db('cards').where({ message_id: card.ts }).update({ message_id: message.ts });
    expect(wordsOf(await showHistory(product, message))).to.match(/^This message is no card/);
    await closeForms(product);
    const other = await postStanding(product);
    await db('installations').update({ slack_key: 'T0SOMEBODY' });
    try {
      // Bolt has the installation for ten seconds, the card's row is asked for by its key.
      expect(wordsOf(await showHistory(product, other.card))).to.match(/^This message is no card/);
    } finally {
      await db('installations').update({ slack_key: 'T0NORTHWND' });
    }
  });

  it('does not name other channels that the document went to, nor anybody’s limit', async () => {
    const lane = await ownLane(product, {
      deciders: [{ user: people.clerk, upTo: { value: '10', currency: 'GBP' } }],
    });
    const secret = await ownLane(product, { private: true });
    await product.database
      .db('routes')
      .where({ id: secret.routeId })
      .update({ conditions: JSON.stringify({ vendors: [lane.vendor] }) });
    const bill = addBill(product, lane);
    await product.readNow();
    await product.card(bill.ref, () => true, { channel: secret.channel });
    const card = await product.card(bill.ref, () => true, { channel: lane.channel });
    await waitUntil(
      async () =>
        (
          await product.database
            .db('audit_events')
            .where({ kind: 'card.posted' })
            .whereIn('document_id', product.database.db('documents').where({ reference: bill.ref }).select('id'))
        ).length === 2,
      { what: 'both cards are recorded' },
    );
    await product.click(card, 'decide_approve', people.clerk);
    await decisionsOn(product, bill);
    const words = wordsOf(await showHistory(product, card));
    expect(words).to.contain('card posted\n in another channel').and.not.contain(secret.channel);
    expect(words).to.contain(' was refused: it is above their limit').and.not.contain('£10');
  });

  it('is paged, the newest first to be seen and newest last on each page, and later events move nothing', async () => {
    const { db } = product.database;
    const { bill, card } = await postStanding(product);
    const document = await db('documents').where({ reference: bill.ref }).first('id');
    const event = (index: number) => ({
      kind: 'decision.retried',
      document_id: document.id,
      data: JSON.stringify({ problem: `<!here> number ${index}; ${'long '.repeat(200)}` }),
    });
    await db('audit_events').insert(Array.from({ length: 50 }, (_, index) => event(index)));
    const numbers = (words: string) => [...words.matchAll(/number (\d+);/g)].map(([, number]) => Number(number));
    const view = await showHistory(product, card);
    expect(numbers(wordsOf(view))).to.deep.equal(Array.from({ length: 20 }, (_, index) => 30 + index));
    await db('audit_events').insert(event(50));
    await press(product, view, historyIds.older);
    const older = await filled(product, people.buyer, (words) => words.includes('number 10;'));
    expect(numbers(wordsOf(older))).to.deep.equal(Array.from({ length: 20 }, (_, index) => 10 + index));
    await press(product, older, historyIds.older);
    const oldest = await filled(product, people.buyer, (words) => words.includes('first read'));
    expect(JSON.stringify(oldest.definition)).to.not.contain(historyIds.older);
    await press(product, oldest, historyIds.newer);
    await filled(product, people.buyer, (words) => numbers(words)[0] === 10);
    await press(product, view, historyIds.newer);
    await filled(product, people.buyer, (words) => numbers(words)[0] === 30);
    await press(product, view, historyIds.newer);
    const newest = await filled(product, people.buyer, (words) => numbers(words).at(-1) === 50);
    expect(JSON.stringify(newest.definition)).to.not.contain(historyIds.newer).and.not.contain('"broadcast"');
  });

  it('on a digest lists its documents, and shows the history of the one that is chosen', async () => {
    const lane = await ownLane(product, { burst: 2 });
    const bills = [1, 2, 3, 4].map((amount) => addBill(product, lane, { amount: `${amount}000.00` }));
    await product.readNow();
    const digest = await product.card('4 bills', () => true, { channel: lane.channel });
    await waitUntil(() => product.database.db('cards').where({ message_id: digest.ts }).first('id'), {
      what: 'the row knows where its digest stands',
    });
    const list = await showHistory(product, digest);
    expect(wordsOf(list)).to.match(
      /^A digest of 4 documents, the largest first\.\nBill \d+ · Ashworth & Sons · £4,000\.00/,
    );
    const blocks = list.definition.blocks as Array<{ block_id: string; text?: { text: string } }>;
    const third = blocks.find(({ text }) => text?.text.includes('£2,000.00'));
    await press(product, list, historyIds.document, third?.block_id);
    const one = await filled(product, people.buyer, (words) => words.includes('first read'));
    expect(wordsOf(one)).to.contain(`Bill ${bills[1]?.ref}`).and.not.contain('£4,000.00');
    await press(product, one, historyIds.list);
    await filled(product, people.buyer, (words) => words.startsWith('A digest of 4 documents'));
  });

  it('opens at once while PostgreSQL is slow, and is filled in when it answers', async () => {
    const { card } = await postStanding(product);
    const lock = await product.database.db.transaction();
    await lock.raw('lock table cards, documents, audit_events in access exclusive mode');
    const { slack } = product.sandbox;
    try {
      const asked = { user: people.buyer, channel: card.channel, messageTs: card.ts, callbackId: shortcutIds.history };
      const { acked, ms } = await slack.shortcut(asked);
      expect(acked).to.equal(true);
      expect(ms).to.be.lessThan(2_900);
      await filled(product, people.buyer, (words) => words === 'Looking …');
    } finally {
      await lock.rollback();
    }
    await filled(product, people.buyer, (words) => words.includes('first read'));
  });

  it('lets a form be that its reader has closed meanwhile', async () => {
    const { card } = await postStanding(product);
    const lock = await product.database.db.transaction();
    await lock.raw('lock table cards in access exclusive mode');
    const { slack } = product.sandbox;
    await slack.shortcut({
      user: people.buyer,
      channel: card.channel,
      messageTs: card.ts,
      callbackId: shortcutIds.history,
    });
    await filled(product, people.buyer, (words) => words === 'Looking …');
    await closeForms(product);
    const from = product.logLines.length;
    await lock.rollback();
    await waitUntil(() => slack.counters.errorsByCode.not_found, { what: 'the form is not found' });
    expect(product.logLines.slice(from).join('')).to.not.contain('not told');
  });
});
