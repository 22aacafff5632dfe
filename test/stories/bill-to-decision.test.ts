import { expect } from 'chai';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

describe('A bill in Acumatica becomes a card, and a click there decides it', () => {
  let product: Product;
  before(async () => {
    product = await startProduct();
  });
  after(() => product?.stop());

  it('posts the card, approves in Acumatica, closes the card and tells the story in the thread', async () => {
    const bill = product.sandbox.acumatica.addBill({ amount: '1250.50', status: 'Pending Approval' });
    const card = await product.card(bill.ref);
    expect(card.text).to.contain('£1,250.50').and.to.contain('Pending Approval');
    const clicked = await product.click(card, 'decide_approve');
    expect(clicked).to.include({ acked: true, status: 200 });
    await waitUntil(() => product.sandbox.acumatica.bill(bill.ref)?.status === 'Balanced', {
      what: 'Balanced in Acumatica',
    });
    const closed = await product.card(bill.ref, (message) => message.text.includes('Balanced'));
    expect(JSON.stringify(closed.blocks)).to.contain(people.director).and.not.to.contain('decide_approve');
    const [story] = await product.thread(card);
    expect(story).to.contain(`<@${people.director}>`).and.to.contain('Pending Approval → Balanced');
  });
});
