import { expect } from 'chai';
import { postBill } from '../support/lanes.ts';
import type { Product } from '../support/product.ts';
import { another, calm, readUntil, startGuarded, warned, warningsOf } from './support.ts';

describe('A bill that is there twice', () => {
  let product: Product;
  before(async () => {
    product = await startGuarded();
  });
  after(() => product?.stop());

  const edit = (ref: string, changes: Parameters<Product['sandbox']['acumatica']['editBill']>[1]) =>
    product.sandbox.acumatica.editBill(ref, changes);

  it('is warned of on both cards, each naming the other, until one of them is voided', async () => {
    const first = await postBill(product, { vendorRef: 'INV-0042', amount: '1200.00', date: '2026-10-01' });
    expect(warningsOf(first.card)).to.deep.equal([]);
    const second = await another(product, first, { vendorRef: 'inv 42', amount: '1200.00', date: '2026-10-09' });
    expect(warningsOf(second.card)).to.deep.equal([
      `Possible duplicate of Bill ${first.bill.ref} (Pending Approval, dated 1 Oct 2026): same vendor and amount, like references inv 42 and INV-0042. Compare them before either is approved or paid.`,
    ]);
    await warned(product, first, `Possible duplicate of Bill ${second.bill.ref} (Pending Approval, dated 9 Oct 2026)`);
    edit(second.bill.ref, { status: 'Voided' });
    await readUntil(product, second.bill.ref, 'Voided');
    await calm(product, first);
    await calm(product, second, 'Voided');
  });

  it('is one no more when it turns out to be another invoice, and is one again', async () => {
    const first = await postBill(product, { vendorRef: 'A-1', amount: '50.00', date: '2026-10-01' });
    const second = await another(product, first, { vendorRef: 'A-1', amount: '50.00', date: '2026-10-01' });
    await warned(product, first, 'same reference A-1');
    edit(second.bill.ref, { vendorRef: 'A-2' });
    await product.readNow();
    await calm(product, first);
    await calm(product, second);
    edit(second.bill.ref, { vendorRef: 'A-01' });
    await product.readNow();
    await warned(product, first, 'like references A-1 and A-01');
    await warned(product, second, 'like references A-01 and A-1');
  });

  it('is not a month’s rent after another’s, an adjustment, or another vendor’s bill', async () => {
    const first = await postBill(product, { vendorRef: 'SEP', amount: '900.00', date: '2026-09-01' });
    const rent = await another(product, first, { vendorRef: 'OCT', amount: '900.00', date: '2026-10-01' });
    const back = await another(product, first, { type: 'Debit Adj.', vendorRef: 'SEP', amount: '900.00' });
    const others = await postBill(product, { vendorRef: 'SEP', amount: '900.00', date: '2026-09-01' });
    for (const posted of [first, rent, back, others]) await calm(product, posted);
  });

  it('is told without a new message or a line in the thread of the bill that was there first', async () => {
    const first = await postBill(product, { vendorRef: 'B-1', amount: '75.00' });
    await another(product, first, { vendorRef: 'B-1', amount: '75.00' });
    await warned(product, first, 'Possible duplicate');
    const { db } = product.database;
    const { id } = await db('documents').where({ reference: first.bill.ref }).first('id');
    const lines = db('thread_lines').whereIn('card_id', db('cards').where({ document_id: id }).select('id'));
    expect(await lines).to.deep.equal([]);
  });

  it('goes from the other’s card when it is deleted in the ERP', async () => {
    const first = await postBill(product, { vendorRef: 'C-1', amount: '80.00' });
    const second = await another(product, first, { vendorRef: 'C-1', amount: '80.00' });
    await warned(product, first, 'Possible duplicate');
    product.sandbox.acumatica.removeBill(second.bill.ref);
    const { db } = product.database;
    const { connection_id, kind, key } = await db('documents').where({ reference: second.bill.ref }).first();
    await db('document_checks').insert({ connection_id, kind, key, due_at: new Date() });
    await calm(product, first);
  });
});
