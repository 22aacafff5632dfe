import { expect } from 'chai';
import { channels, type Product, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

/** Each kind in a channel, and what people do with it there. */
describe('documents of every kind', () => {
  const kinds = ['bill', 'purchase_order', 'payment', 'customer_payment', 'journal'] as const;
  const actions = ['approve', 'reject', 'release', 'hold', 'unhold'];
  const large = { channel: channels.large };
  let product: Product;
  const sideOf = (collection: Parameters<Product['sandbox']['acumatica']['form']>[0]) =>
    product.sandbox.acumatica.form(collection);

  before(async () => {
    product = await startProduct({
      kinds: [...kinds],
      routes: kinds.map((kind) => ({
        kind,
        actions,
        channel: kind === 'bill' ? channels.approvals : channels.large,
      })),
    });
    // The first reading is history: what it says of other documents is told nowhere.
    await waitUntil(async () => !(await product.database.db('feeds').whereNull('cursor').first('id')), {
      what: 'every feed was read once',
    });
  });
  after(() => product.stop());

  it('tells in a bill’s thread that it was paid, once, and that the payment was voided', async () => {
    const { acumatica } = product.sandbox;
    const { ref } = acumatica.addBill({ status: 'Open', amount: '310.00' });
    const card = await product.card(ref);
    const check = sideOf('checks').add({
      status: 'Balanced',
      date: '2026-03-04',
      pays: [{ type: 'Bill', ref, amount: '310.00' }],
    });
    const payment = await product.card(`Payment ${check.ref}`, () => true, large);
    expect(JSON.stringify(payment.blocks)).to.contain(`Bill ${ref}`);
    await product.click(payment, 'decide_release');
    const paid = `Paid: £310.00 by Payment ${check.ref} of 4 Mar 2026.`;
    await product.thread(card, (texts) => texts.some((text) => text.includes(paid)));
    sideOf('checks').edit(check.ref, { description: 'Cleared by the bank' });
    sideOf('checks').act(check.ref, 'void');
    const undone = `No longer paid by Payment ${check.ref} of 4 Mar 2026: it is Voided in Acumatica.`;
    const texts = await product.thread(card, (all) => all.some((text) => text.includes(undone)));
    const told = (words: string) => texts.join('\n').split(words).length - 1;
    expect([told(paid), told(undone), told('Paid: ')]).to.deep.equal([1, 1, 1]);
  });

  it('tells in a bill’s thread of a payment that was read before the bill was, once', async () => {
    const { acumatica } = product.sandbox;
    const { db } = product.database;
    const list = { kind: '500-html', match: { path: '/Bill?' } } as const;
    acumatica.setFault(list);
    const { ref } = acumatica.addBill({ status: 'Open', amount: '55.00' });
    const pays = [{ type: 'Bill', ref, amount: '55.00' }];
    const early = { date: '2026-03-05', pays };
    const check = sideOf('checks').add({ ...early, status: 'Closed' });
    const undone = sideOf('checks').add({ ...early, status: 'Voided' });
    for (const { ref: payment } of [check, undone]) await product.card(`Payment ${payment}`, () => true, large);
    acumatica.clearFaults();
    await db('feeds').where({ kind: 'bill' }).update({ next_attempt_at: null });
    const card = await product.card(ref, () => true, { timeoutMs: 20_000 });
    const paid = `Paid: £55.00 by Payment ${check.ref} of 5 Mar 2026.`;
    await product.thread(card, (texts) => texts.some((text) => text.includes(paid)));
    acumatica.editBill(ref, { description: 'Chairs' });
    const texts = await product.thread(card, (all) => all.some((text) => text.includes('Chairs')));
    expect(texts.join('\n').split('aid')).to.have.length(2);
  });

  it('carries decisions on a purchase order back', async () => {
    const { ref } = sideOf('purchase-orders').add({ amount: '75.00', promisedOn: '2026-05-01' });
    const card = await product.card(`Purchase order ${ref}`, () => true, large);
    expect(card.text).to.match(
      /^Purchase order \S+ to .+ for £75\.00, promised 1 May 2026\. Pending Approval in Acumatica/,
    );
    await product.click(card, 'decide_approve');
    await waitUntil(() => sideOf('purchase-orders').find(ref)?.status === 'Open', { what: 'the order is open' });
    await product.card(`Purchase order ${ref}`, ({ text }) => text.includes('Open in Acumatica'), large);
  });

  it('takes a journal off hold, approves and releases it, each with a click', async () => {
    const { ref } = sideOf('journals').add({ status: 'On Hold', amount: '900.00', date: '2026-02-10' });
    const name = `Journal GL ${ref}`;
    const withButton = (id: string) => (message: { blocks?: unknown[] }) => JSON.stringify(message.blocks).includes(id);
    const held = await product.card(name, withButton('decide_unhold'), large);
    expect(held.text).to.equal(`${name} for £900.00, period 02-2026. On Hold in Acumatica.`);
    expect(JSON.stringify(held.blocks)).to.contain('debit £900.00').and.to.contain('credit £900.00');
    await product.click(held, 'decide_unhold');
    await product.click(await product.card(name, withButton('decide_approve'), large), 'decide_approve');
    await product.click(await product.card(name, withButton('decide_release'), large), 'decide_release');
    await waitUntil(() => sideOf('journals').find(ref)?.status === 'Posted', { what: 'the journal is posted' });
    const card = await product.card(name, ({ text }) => text.includes('Posted in Acumatica'), large);
    const texts = await product.thread(card, (all) => all.join().includes('released this '));
    expect(texts.join('\n')).to.contain('released this from hold').and.to.contain('approved this');
  });

  it('shows a payment of a customer with the customer’s name', async () => {
    const { ref, partyName } = sideOf('payments').add({ partyName: 'Wool & Weft Limited', amount: '12.50' });
    const card = await product.card(`Customer payment ${ref}`, () => true, large);
    expect(card.text).to.contain(`from ${partyName?.replace('&', '&amp;')} for £12.50`);
  });

  it('reads on what may be read while one kind is closed to the app', async () => {
    const { acumatica } = product.sandbox;
    const { db } = product.database;
    acumatica.changeSettings({ closedScreens: ['GL301000'] });
    await waitUntil(() => db('feeds').where({ kind: 'journal', problem_scope: 'kind' }).first('id'), {
      what: 'the journals cannot be read',
    });
    const { ref } = acumatica.addBill({ status: 'Pending Approval' });
    await product.card(ref);
    expect(await db('connections').first('status')).to.deep.equal({ status: 'active' });
    const feed = await db('feeds').where({ kind: 'journal' }).first('last_error');
    expect(feed.last_error).to.contain('may not read journals (GL301000)');
    acumatica.changeSettings({ closedScreens: [] });
    await product.readNow();
    await waitUntil(() => db('feeds').where({ kind: 'journal', problem_scope: null }).first('id'), {
      what: 'the journals are read again',
    });
  });
});
