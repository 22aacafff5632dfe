import { expect } from 'chai';
import { formatDate } from '../../app/domain/dates.ts';
import { postBill } from '../support/lanes.ts';
import type { Product } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { calm, readUntil, startGuarded, warned, warningsOf } from './support.ts';

/** The calendar date so many days from now, where the connection is. */
const day = (days: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(Date.now() + days * 86_400_000);

describe('A cash discount', () => {
  let product: Product;
  before(async () => {
    product = await startGuarded();
  });
  after(() => product?.stop());

  it('is told with its amount and day while it can be taken, and no more once the bill is paid', async () => {
    const posted = await postBill(product, { status: 'Balanced', discount: '120.00', discountDate: day(3) });
    expect(warningsOf(posted.card)).to.deep.equal([
      `Discount of £120.00 lapses on ${formatDate(day(3))}, in 3 days: pay by then to take it.`,
    ]);
    product.sandbox.acumatica.editBill(posted.bill.ref, { status: 'Closed' });
    await readUntil(product, posted.bill.ref, 'Closed');
    await calm(product, posted, 'Closed');
  });

  it('is not told where the terms give none, or while it is far away', async () => {
    const none = await postBill(product);
    const far = await postBill(product, { discount: '5.00', discountDate: day(30) });
    for (const { card } of [none, far]) expect(warningsOf(card)).to.deep.equal([]);
  });

  it('reads differently the next day by itself, without the bill having changed', async () => {
    const posted = await postBill(product, { discount: '7.00', discountDate: day(1) });
    expect(warningsOf(posted.card)[0]).to.contain('tomorrow');
    const { db } = product.database;
    const cards = () =>
      db('cards').whereIn('document_id', db('documents').where({ reference: posted.bill.ref }).select('id'));
    const redraw_at = await waitUntil(async () => (await cards())[0].redraw_at, { what: 'the day of the next words' });
    const midnight = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: 'Europe/London', dateStyle: 'short', timeStyle: 'medium' },
    }).format(redraw_at);
    expect(midnight).to.equal(`${day(1).split('-').reverse().join('/')}, 00:00:00`);
    // Two days go by.
    await db('documents')
      .where({ reference: posted.bill.ref })
      .update({ data: db.raw(`jsonb_set(data, '{discountDate}', to_jsonb(?::text))`, [day(-1)]) });
    await cards().update({ redraw_at: new Date() });
    await warned(product, posted, `The discount of £7.00 lapsed on ${formatDate(day(-1))}, so the full amount is due.`);
    await waitUntil(async () => (await cards())[0].redraw_at === null, { what: 'nothing to redraw any more' });
  });
});
