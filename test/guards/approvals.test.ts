import { expect } from 'chai';
import { auditOf, decisionsOn, postBill } from '../support/lanes.ts';
import type { Product } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { calm, readUntil, startGuarded, warned, warningsOf } from './support.ts';

describe('An approved bill', () => {
  let product: Product;
  before(async () => {
    product = await startGuarded();
  });
  after(() => product?.stop());
  afterEach(() => product.sandbox.acumatica.changeSettings({ approvalMap: ['amara.okafor'] }));

  const erp = () => product.sandbox.acumatica;
  /** Somebody acts at the ERP's own screen, and the app reads it. */
  async function inErp(
    ref: string,
    action: Parameters<typeof product.sandbox.acumatica.decideInErp>[1],
  ): Promise<void> {
    const { status } = erp().decideInErp(ref, action, { by: 'amara.okafor' });
    await readUntil(product, ref, status);
  }

  it('that is changed afterwards says what changed since, until it is approved anew', async () => {
    const posted = await postBill(product, { amount: '1000.00' });
    await product.click(posted.card, 'decide_approve');
    await decisionsOn(product, posted.bill);
    expect(warningsOf(await calm(product, posted, 'Balanced'))).to.deep.equal([]);
    erp().editBill(posted.bill.ref, { amount: '1900.00' });
    await product.readNow();
    const card = await warned(product, posted, 'Changed since it was approved on ');
    expect(warningsOf(card)[0]).to.contain('amount £1,000.00 → £1,900.00').and.to.contain('Ask whoever approved it');
    // Back into the map: whoever is asked now sees what changed since the first approval.
    await inErp(posted.bill.ref, 'hold');
    await inErp(posted.bill.ref, 'releaseFromHold');
    expect(warningsOf(await warned(product, posted, '£1,000.00 → £1,900.00'))).to.have.length(1);
    await inErp(posted.bill.ref, 'approve');
    await calm(product, posted, 'Balanced');
  });

  it('in the ERP is remembered as well', async () => {
    const posted = await postBill(product, { amount: '10.00' });
    await inErp(posted.bill.ref, 'approve');
    erp().editBill(posted.bill.ref, { vendorRef: 'ANOTHER' });
    await product.readNow();
    await warned(product, posted, 'vendor reference');
  });

  it('and then released went its way: nothing is said', async () => {
    const posted = await postBill(product);
    await inErp(posted.bill.ref, 'approve');
    await inErp(posted.bill.ref, 'release');
    await calm(product, posted, 'Open');
    expect((await auditOf(product, posted.bill)).map(({ kind }) => kind)).to.not.include('document.unapproved');
  });

  it('that never waited is not said to have gone past anything', async () => {
    const posted = await postBill(product, { status: 'Balanced' });
    await inErp(posted.bill.ref, 'release');
    await calm(product, posted, 'Open');
  });

  it('is not one that was taken past its approval: the closed card, the thread and the record say so', async () => {
    const posted = await postBill(product);
    await inErp(posted.bill.ref, 'hold');
    erp().changeSettings({ approvalMap: [] });
    await inErp(posted.bill.ref, 'releaseFromHold');
    expect(erp().bill(posted.bill.ref)?.status).to.equal('Balanced');
    await calm(product, posted, 'Balanced');
    await inErp(posted.bill.ref, 'release');
    const words =
      'It was waiting for approval and was released without one that Countersign saw. Look at its approvals in Acumatica';
    await warned(product, posted, words);
    const told = await product.thread(posted.card, (texts) => texts.some((text) => text.includes(words)));
    expect(told.join('\n').split(words)).to.have.length(2);
    expect((await auditOf(product, posted.bill)).map(({ kind }) => kind)).to.include('document.unapproved');
    // Paid since: it still says so, and is not told again.
    erp().editBill(posted.bill.ref, { status: 'Closed' });
    await readUntil(product, posted.bill.ref, 'Closed');
    await warned(product, posted, words);
    await waitUntil(async () => (await product.thread(posted.card)).some((text) => text.includes('Open → Closed')), {
      what: 'the payment in the thread',
      timeoutMs: 30_000,
    });
    expect((await product.thread(posted.card)).join('\n').split(words)).to.have.length(2);
  });

  it('is not suspected for what happened while nothing was read', async () => {
    const posted = await postBill(product);
    const feeds = () => product.database.db('feeds');
    await waitUntil(async () => (await feeds().first()).lease_owner === null, { what: 'the end of the reading' });
    await feeds().update({ last_read_at: new Date(Date.now() - 3_600_000) });
    erp().decideInErp(posted.bill.ref, 'approve', { by: 'amara.okafor' });
    await inErp(posted.bill.ref, 'release');
    await calm(product, posted, 'Open');
  });

  it('of which no approval was seen between two readings is told as just that', async () => {
    const posted = await postBill(product);
    await readUntil(product, posted.bill.ref, 'Pending Approval');
    erp().decideInErp(posted.bill.ref, 'approve', { by: 'amara.okafor' });
    await inErp(posted.bill.ref, 'release');
    await warned(product, posted, 'released without one that Countersign saw');
  });
});
