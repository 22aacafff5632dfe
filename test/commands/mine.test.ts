import { expect } from 'chai';
import { decisionsOn, onlyWhenAsked, ownLane, postBill } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { ask, readingIsDone } from './support.ts';

describe('the command mine', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked, routes: [{ conditions: { vendors: ['NOBODY'] } }] });
    await readingIsDone(product);
  });
  after(() => product.stop());

  it('says what waits, due soonest first, with the ways there, and what was decided lately', async () => {
    expect((await ask(product, 'mine', people.clerk)).text).to.equal('Nothing waits for your decision.');
    const deciders = [{ user: people.clerk, upTo: { value: '5000', currency: 'GBP' } }];
    const late = await postBill(product, { dueDate: '2027-03-01' }, { deciders });
    const soon = await postBill(product, { dueDate: '2026-12-01', amount: '4999.99' }, { deciders });
    await postBill(product, { dueDate: '2026-11-01', amount: '5000.01' }, { deciders });
    const { text } = await ask(product, 'mine', people.clerk);
    const lines = text.split('\n');
    expect(lines).to.have.length(3);
    expect(lines[0]).to.equal('2 documents for you to decide, due soonest first.');
    expect(lines[1]).to.contain(`Bill ${soon.bill.ref}`).and.to.contain('£4,999.99 · due 1 Dec 2026');
    expect(lines[1]).to.contain(`/archives/${soon.lane.channel}/p${soon.card.ts.replace('.', '')}|card>`);
    expect(lines[2]).to.contain(`Bill ${late.bill.ref}`);
    await product.click(soon.card, 'decide_approve', people.clerk);
    await decisionsOn(product, soon.bill);
    const after = (await ask(product, 'mine', people.clerk)).text;
    expect(after)
      .to.contain('1 document for you')
      .and.to.match(/You decided lately\nApproved [\d-]+ [\d:]+ UTC · Bill /);
  });

  it('pages through many, within Slack’s limits', async () => {
    const { db } = product.database;
    const lane = await ownLane(product, { deciders: [{ user: people.buyer }] });
    const { bill } = await postBill(product, {}, { deciders: [{ user: people.controller }] });
    const { id: _id, ...document } = await db('documents').where({ reference: bill.ref }).first();
    const data = { ...document.data, vendor: { code: 'X', name: '<!channel> & '.repeat(60) } };
    const rows = await db('documents')
      .insert(
        Array.from({ length: 500 }, (_, index) => ({
          ...document,
          key: `copy-${index}`,
          data: JSON.stringify({ ...data, reference: `R${index}` }),
        })),
      )
      .returning('id');
    const row = await db('lanes')
      .insert({ installation_id: (await db('installations').first('id')).id, channel: 'C0MANY' })
      .returning('id');
    await db('cards').insert(
      rows.map(({ id }) => ({ lane_id: row[0].id, route_id: lane.routeId, document_id: id, state: 'digested' })),
    );
    const first = await ask(product, 'mine', people.buyer);
    expect(first.text).to.match(/^500 documents for you to decide/);
    expect(first.text.length).to.be.lessThan(4_000);
    expect(first.ms).to.be.lessThan(3_000);
    const last = await ask(product, 'mine 50', people.buyer);
    expect(last.text).to.contain('Bill R499').and.not.contain('Page 51');
    expect((await ask(product, 'mine 51', people.buyer)).text).to.equal('There are only 50 pages.');
  });

  it('says what to type for a page that is none', async () => {
    for (const text of ['mine x', 'mine 0', 'mine -1', 'mine 1.5']) {
      expect((await ask(product, text)).text).to.equal(
        'Type /erp mine, or with the number of a page, like /erp mine 2.',
      );
    }
  });
});
