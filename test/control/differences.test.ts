import { expect } from 'chai';
import { wantChecks } from '../../app/push/receive.ts';
import type { BillView } from '../../sandbox/acumatica/index.ts';
import { onlyWhenAsked, toldTo } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { ask, compareNow, ended, named, readOnce } from './support.ts';

const hourMs = 3_600_000;

describe('Comparing with the ERP', () => {
  let product: Product;
  const site = () => product.sandbox.acumatica;
  const db = () => product.database.db;
  const waiting = (more: Record<string, unknown> = {}) =>
    site().addBill({ amount: '100.00', status: 'Pending Approval', vendor: 'CARDED', ...more });
  const stored = (bill: BillView) => db()('documents').where({ reference: bill.ref }).first();
  const blocks = (card: { blocks?: unknown[] }) => JSON.stringify(card.blocks);

  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      kinds: ['bill', 'purchase_order', 'payment', 'customer_payment', 'journal'],
      routes: [{ conditions: { vendors: ['CARDED'] } }],
      scenario: { slack: { limits: 'pace-only' } },
      settings: { POSTS_PER_MINUTE: '6000' },
    });
    await readOnce(product);
  });
  after(() => product?.stop());
  afterEach(() => {
    site().clearFaults();
    site().changeSettings({ hiddenBranches: [], optimizationErrorFields: [], order: 'key', pushesLost: false });
  });
  const noticesTo = (person: string) =>
    db()('control_notices')
      .where({ person })
      .count('* as n')
      .first()
      .then((row) => Number(row?.n));

  it('says that all agree, with exact totals for each kind, branch and currency', async () => {
    site().addBill({ amount: '0.10', currency: 'GBP', branch: 'HMT', status: 'Open' });
    site().addBill({ amount: '0.20', currency: 'GBP', branch: 'HMT', status: 'Open' });
    site().addBill({ amount: '90071992547409.91', currency: 'GBP', branch: 'HMT', status: 'Open' });
    site().addBill({ amount: '7.1234', currency: 'KWD', branch: 'DMO', status: 'Open' });
    site().addBill({ amount: null, currency: 'USD', branch: 'DMO', status: 'On Hold' });
    site()
      .form('journals')
      .add({
        branch: 'DMO',
        currency: 'EUR',
        lines: [{ debit: '10.05' }, { credit: '4.05' }, { credit: '6.00' }],
      });
    site().form('purchase-orders').add({ amount: '12.50', currency: 'GBP', branch: 'HMT' });
    site().form('payments').add({ amount: '3.00', currency: 'GBP', branch: 'HMT' });
    site().form('checks').add({ amount: '4.00', currency: 'GBP' });
    await readOnce(product);
    const { agree, differed, problem, totals } = await compareNow(product);
    expect({ agree, differed, problem }).to.deep.equal({ agree: 9, differed: 0, problem: null });
    const lines = totals.map((total) => {
      expect([total.documentsHere, total.sumHere]).to.deep.equal([total.documentsThere, total.sumThere]);
      return `${total.kind} ${total.branch} ${total.currency} ${total.documentsThere} ${total.sumThere}`;
    });
    expect(lines).to.deep.equal([
      'bill DMO  1 null',
      'bill DMO KWD 1 7.1234',
      'bill HMT GBP 3 90071992547410.21',
      'customer_payment HMT GBP 1 3.00',
      'journal DMO EUR 1 10.05',
      'payment  GBP 1 4.00',
      'purchase_order HMT GBP 1 12.50',
    ]);
    expect(await db()('control_rows').first(), 'the rows are needed no more').to.equal(undefined);
    expect(await noticesTo(people.admin)).to.equal(0);
  });

  it('a document deleted without a push is gone then, and its card says so; administrators hear it once', async () => {
    const bill = waiting();
    await readOnce(product);
    const card = await product.card(bill.ref);
    site().removeBill(bill.ref);
    const { id: installationId } = await db()('installations').first('id');
    await db()('administrators').insert({
      ...{ installation_id: installationId, person: people.controller, named_by: people.admin, told_at: new Date() },
    });
    const result = await compareNow(product);
    expect(named(result)).to.deep.equal([`${bill.ref} gone`]);
    const [before, after] = [1, 2].map((round) =>
      result.totals
        .filter((total) => total.round === round && total.kind === 'bill')
        .map((total) => total.documentsHere - total.documentsThere)
        .reduce((sum, each) => sum + each, 0),
    );
    expect([before, after]).to.deep.equal([1, 0]);
    const gone = await product.card(bill.ref, (message) => blocks(message).includes('no longer in Acumatica'));
    expect(gone.ts).to.equal(card.ts);
    expect((await stored(bill)).gone_at).to.be.an.instanceOf(Date);
    const installer = (await db()('installations').first('installer_user_id')).installer_user_id;
    for (const person of [installer, people.controller])
      await waitUntil(async () => (await noticesTo(person)) === 1, { what: `${person} being told` });
    expect(await noticesTo(people.buyer)).to.equal(0);
    const again = await compareNow(product);
    expect(again.differed).to.equal(0);
    const told = () => toldTo(product, installer).filter((text) => text.includes(bill.ref));
    const texts = await waitUntil(() => (told().length > 0 ? told() : undefined), {
      what: 'the notice in the administrator’s own messages',
    });
    expect(texts).to.have.length(1);
    expect(texts[0]).to.match(
      /1 differed and was read again: Bill \d+ \(no longer in the ERP\).*The cards are correct again/,
    );
    const event = await db()('audit_events').where({ kind: 'connection.differed' }).orderBy('id', 'desc').first();
    expect(event.data).to.include({ differed: 1, still: 0 });
  });

  it('a change whose time stamp never moved is found, read and shown on the card', async () => {
    const bill = waiting({ modifiedAt: Date.now() - hourMs });
    await db()('feeds').update({ cursor: null });
    await readOnce(product);
    const card = await product.card(bill.ref);
    site().editBill(bill.ref, { amount: '175.25', touch: false });
    await readOnce(product);
    expect((await stored(bill)).data.amount.value, 'no reading shows it').to.equal('100.00');
    const result = await compareNow(product);
    expect(named(result)).to.deep.equal([`${bill.ref} changed`]);
    const redrawn = await product.card(bill.ref, ({ text }) => text.includes('175.25'));
    expect(redrawn.ts).to.equal(card.ts);
    expect((await compareNow(product)).differed).to.equal(0);
  });

  it('a document that the feed never brought gets its card', async () => {
    const bill = waiting({ modifiedAt: Date.now() - hourMs });
    await readOnce(product);
    expect(await stored(bill), 'it is older than what was read already').to.equal(undefined);
    const result = await compareNow(product);
    expect(named(result)).to.deep.equal([`${bill.ref} missing`]);
    await product.card(bill.ref);
  });

  it('a change that is no amount, of a stamp that was passed already, is found by its stamp', async () => {
    const bill = waiting({ modifiedAt: Date.now() - 2 * hourMs });
    await compareNow(product);
    await product.card(bill.ref);
    site().editBill(bill.ref, { description: 'Told to nobody', touch: false });
    // As it is when a transaction is committed long after it stamped its rows.
    await db()('documents')
      .where({ reference: bill.ref })
      .update({ modified_at: new Date(Date.now() - 3 * hourMs) });
    const result = await compareNow(product);
    expect(named(result)).to.deep.equal([`${bill.ref} changed`]);
    await product.card(bill.ref, (card) => blocks(card).includes('Told to nobody'));
  });

  it('a change after the ERP’s clock was put back is newer than what is stored', async () => {
    site().changeSettings({ clockAheadMinutes: 10 });
    const bill = waiting();
    await readOnce(product);
    site().changeSettings({ clockAheadMinutes: 0 });
    site().editBill(bill.ref, { amount: '310.00' });
    expect(named(await compareNow(product))).to.deep.equal([`${bill.ref} changed`]);
    await product.card(bill.ref, ({ text }) => text.includes('310.00'));
  });

  it('what was merely touched does not differ', async () => {
    const bill = waiting();
    await readOnce(product);
    const before = await stored(bill);
    site().editBill(bill.ref, { note: 'seen' });
    const { differed } = await compareNow(product);
    expect(differed).to.equal(0);
    const after = await stored(bill);
    expect(after.version).to.equal(before.version);
    expect(after.modified_at).to.be.greaterThan(before.modified_at);
    // As it was stored before touching was noted.
    await db()('documents').where({ reference: bill.ref }).update({ modified_at: before.modified_at });
    expect((await compareNow(product)).differed).to.equal(0);
  });

  it('what arrives, changes and is deleted while it compares is not named', async () => {
    const [changed, deleted] = [waiting(), waiting()];
    await readOnce(product);
    site().setFault({ kind: 'slow', ms: 900, match: { method: 'GET', path: '/JournalTransaction?' }, times: 1 });
    const runId = await ask(product);
    await waitUntil(
      async () => (await db()('control_kinds').where({ run_id: runId, kind: 'bill' }).first())?.listed_at,
      { what: 'the bills being listed' },
    );
    site().editBill(changed.ref, { amount: '222.00' });
    const added = waiting();
    site().removeBill(deleted.ref);
    await db().transaction((trx) => wantChecks(trx, product.connectionId, 'bill', [`Bill|${deleted.ref}`], 0));
    const result = await ended(product, runId);
    expect(named(result)).to.deep.equal([]);
    expect((await stored(changed)).data.amount.value, 'it was read before they were compared').to.equal('222.00');
    expect(await stored(added)).not.to.equal(undefined);
    expect((await stored(deleted)).gone_at).not.to.equal(null);
    expect(named(await compareNow(product))).to.deep.equal([]);
  });

  it('what was archived is not gone', async () => {
    const bill = waiting({ status: 'Closed' });
    await readOnce(product);
    site().editBill(bill.ref, { archived: true, touch: false });
    expect(named(await compareNow(product))).to.deep.equal([]);
    expect((await stored(bill)).gone_at).to.equal(null);
  });

  it('nothing is made of so many missing that a lost right is likelier; they are there again with it', async () => {
    const hidden = Array.from({ length: 60 }, () => waiting({ branch: 'SECRET', vendor: 'REFINITIV' }));
    await readOnce(product);
    site().changeSettings({ hiddenBranches: ['SECRET'] });
    const result = await compareNow(product);
    expect(result.unlikely).to.deep.equal(['bill']);
    expect(result.still).to.equal(60);
    expect(
      await db()('documents')
        .whereIn(
          'reference',
          hidden.map(({ ref }) => ref),
        )
        .whereNotNull('gone_at'),
    ).to.deep.equal([]);
    site().changeSettings({ hiddenBranches: [] });
    expect((await compareNow(product)).differed).to.equal(0);
  });

  it('a kind that the ERP closed to the app is left out and said so', async () => {
    site().changeSettings({ closedScreens: ['GL301000'] });
    const result = await compareNow(product);
    expect(result.left.map(({ kind }) => kind)).to.deep.equal(['journal']);
    expect(result.left[0]?.problem).to.contain('GL301000');
    expect(result.differed).to.equal(0);
    site().changeSettings({ closedScreens: [] });
  });

  it('a site that cannot list the values still tells what is missing and what is gone', async () => {
    const bill = waiting();
    await readOnce(product);
    site().removeBill(bill.ref);
    site().changeSettings({ optimizationErrorFields: ['Amount', 'Details'] });
    const result = await compareNow(product);
    expect(named(result)).to.deep.equal([`${bill.ref} gone`]);
  });
});
