import { expect } from 'chai';
import { decisionsOn, onlyWhenAsked, postBill } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { ask, readingIsDone } from './support.ts';

describe('the command audit', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked, routes: [{ conditions: { vendors: ['NOBODY'] } }] });
    await readingIsDone(product);
  });
  after(() => product.stop());

  it('tells a document’s events in words, the newest last', async () => {
    const posted = await postBill(product, { dueDate: '2026-12-24' });
    await product.click(posted.card, 'decide_approve');
    await decisionsOn(product, posted.bill);
    await product.card(posted.bill.ref, ({ text }) => text.includes('Balanced'), { channel: posted.lane.channel });
    const { text } = await ask(product, `audit ${posted.bill.ref}`, people.director, 'C0GENERAL0');
    const lines = text.split('\n').map((line) => line.replace(/^[\d-]+ [\d:]+ UTC: /, ''));
    expect(lines.slice(0, 8)).to.deep.equal([
      `Bill ${posted.bill.ref} · Ashworth &amp; Sons · £1,000.00 · due 24 Dec 2026 · Balanced · treasury`,
      'first read, Pending Approval',
      `card posted in <#${posted.lane.channel}>`,
      `<@${people.director}> asked to approve`,
      'the ERP was asked to approve',
      'changed in the ERP: status Pending Approval → Balanced',
      `approved by <@${people.director}>`,
      `card redrawn in <#${posted.lane.channel}>`,
    ]);
  });

  it('is for administrators and whoever may decide the document, and the same for others as one that is not there', async () => {
    const { bill, lane } = await postBill(product);
    expect((await ask(product, `audit ${bill.ref}`)).text).to.contain('first read');
    expect((await ask(product, `audit ${bill.ref}`, people.controller)).text).to.contain('first read');
    const refused = await ask(product, `audit ${bill.ref}`, people.buyer, lane.channel);
    expect(refused.text).to.equal(
      `No document that you may decide has the reference “${bill.ref}”. To look for it: /erp find TEXT`,
    );
    expect((await ask(product, 'audit 999999999', people.buyer)).text).to.match(/^No document that you may decide has/);
  });

  it('of a document with a long history shows the newest twenty events and says how many are older', async () => {
    const { db } = product.database;
    const { bill } = await postBill(product);
    const document = await db('documents').where({ reference: bill.ref }).first('id');
    const events = Array.from({ length: 40 }, (_, index) => ({
      kind: 'decision.retried',
      document_id: document.id,
      actor: people.director,
      data: JSON.stringify({ problem: `<!here> ${index} ${'long '.repeat(200)}` }),
    }));
    await db('audit_events').insert(events);
    const { text, blocks } = await ask(product, `audit ${bill.ref}`);
    expect(text).to.contain('22 older events').and.to.contain('&lt;!here&gt;').and.not.contain('<!here>');
    expect(text.length).to.be.lessThan(4_000);
    expect(blocks).to.not.contain('"broadcast"');
  });

  it('names an event that this version does not know as it is', async () => {
    const { db } = product.database;
    const { bill } = await postBill(product);
    const document = await db('documents').where({ reference: bill.ref }).first('id');
    await db('audit_events').insert({ kind: 'card.embellished', document_id: document.id, actor: 'a later version' });
    expect((await ask(product, `audit ${bill.ref}`)).text).to.match(/: card\.embellished by a later version$/m);
  });

  it('says when the reference is not unique, and takes the connection’s name after it', async () => {
    const { db } = product.database;
    const { bill } = await postBill(product);
    const { id, ...connection } = await db('connections').first();
    const other = '00000000-0000-4000-8000-000000000003';
    await db('connections').insert({ ...connection, id: other, name: 'second' });
    const { id: _id, ...document } = await db('documents').where({ reference: bill.ref }).first();
    await db('documents').insert({
      ...document,
      connection_id: other,
      data: JSON.stringify(document.data),
      changed_at: new Date(Date.now() + 60_000),
    });
    const { text } = await ask(product, `audit ${bill.ref}`);
    expect(text).to.contain('· second\n').and.to.contain('1 more with this reference');
    const named = await ask(product, `audit ${bill.ref} Treasury`);
    expect(named.text).to.contain('· treasury\n').and.not.contain('more with this reference');
  });

  it('says what to type without a reference', async () => {
    expect((await ask(product, 'audit')).text).to.equal('Say which document, like /erp audit 004217.');
  });
});
