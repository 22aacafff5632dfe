import { expect } from 'chai';
import { decisionsOn, hurry, type Posted, postBill, timesAsked } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

describe('A decision that Acumatica was asked for without a clear answer', () => {
  let product: Product;
  before(async () => {
    product = await startProduct();
  });
  after(() => product?.stop());
  afterEach(() => product.sandbox.acumatica.clearFaults());

  /** Presses Release and waits until the lost answer is stored as such. */
  async function releaseUnanswered(kind: 'drop-before' | 'drop-after'): Promise<Posted> {
    const posted = await postBill(product, { status: 'Balanced' }, { actions: ['release'] });
    product.sandbox.acumatica.setFault({ kind, match: { method: 'POST', path: '/Bill/ReleaseBill' }, times: 1 });
    await product.click(posted.card, 'decide_release');
    const { db } = product.database;
    await waitUntil(
      () =>
        db('decisions as x')
          .join('documents as d', 'd.id', 'x.document_id')
          .where('d.reference', posted.bill.ref)
          .whereNotNull('x.acted_at')
          .whereNotNull('x.next_attempt_at')
          .first('x.id'),
      { what: 'the decision waiting for a clear answer' },
    );
    return posted;
  }

  async function endOf({ bill }: Posted) {
    const timer = setInterval(() => void hurry(product).catch(() => undefined), 150);
    try {
      return (await decisionsOn(product, bill, 1, 15_000))[0];
    } finally {
      clearInterval(timer);
    }
  }

  const statusOf = ({ bill }: Posted) => product.sandbox.acumatica.bill(bill.ref)?.status;

  it('is not asked again for somebody who may no longer decide', async () => {
    const asked = timesAsked(product);
    const posted = await releaseUnanswered('drop-before');
    const others = JSON.stringify([{ user: people.controller }]);
    await product.database.db('routes').where({ id: posted.lane.routeId }).update({ deciders: others });
    expect(await endOf(posted)).to.include({ state: 'refused', outcome: 'not_a_decider' });
    expect(statusOf(posted)).to.equal('Balanced');
    expect(timesAsked(product)).to.equal(asked + 1);
  });

  it('is not asked again while its connection is paused', async () => {
    const posted = await releaseUnanswered('drop-before');
    const connection = product.database.db('connections').where({ id: product.connectionId });
    await connection.clone().update({ status: 'paused' });
    expect(await endOf(posted)).to.include({ state: 'refused', outcome: 'connection_paused' });
    expect(statusOf(posted)).to.equal('Balanced');
    await connection.clone().update({ status: 'active' });
  });

  it('is told as done where it was, also when the connection was paused meanwhile', async () => {
    const posted = await releaseUnanswered('drop-after');
    const connection = product.database.db('connections').where({ id: product.connectionId });
    await connection.clone().update({ status: 'paused' });
    expect(await endOf(posted)).to.include({ state: 'done', outcome: 'release_done' });
    expect(statusOf(posted)).to.equal('Open');
    await connection.clone().update({ status: 'active' });
  });
});
