import { expect } from 'chai';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { socketMode } from './socket-mode.ts';

const modes = [
  { name: 'over HTTP', options: {} },
  { name: 'over sockets', options: socketMode },
];

for (const { name, options } of modes) {
  describe(`The main story ${name}`, () => {
    let product: Product;
    before(async () => {
      product = await startProduct(options);
    });
    after(() => product?.stop());

    const { addBill, bill } = {
      addBill: () => product.sandbox.acumatica.addBill({ amount: '1250.50', status: 'Pending Approval' }),
      bill: (reference: string) => product.sandbox.acumatica.bill(reference),
    };

    it('goes from the card over the click to the ERP and back', async () => {
      const { ref } = addBill();
      const card = await product.card(ref);
      expect(await product.click(card, 'decide_approve')).to.include({ acked: true, status: 200 });
      await waitUntil(() => bill(ref)?.status === 'Balanced', { what: 'Balanced in Acumatica' });
      const closed = await product.card(ref, ({ text }) => text.includes('Balanced'));
      expect(JSON.stringify(closed.blocks)).to.contain(people.director).and.not.to.contain('decide_approve');
    });

    it('asks for a reason in a form, says there what is missing, and rejects', async () => {
      const { ref } = addBill();
      const card = await product.card(ref);
      expect(await product.click(card, 'decide_reject')).to.include({ acked: true, status: 200 });
      const view = await waitUntil(() => product.sandbox.slack.openViews(people.director)[0], { what: 'the form' });
      const say = (text: string) =>
        product.sandbox.slack.submitView(people.director, view.id, { reason: { reason_text: text } });
      expect(await say('  ')).to.deep.include({
        acked: true,
        errors: { reason: 'Say in a few words why: whoever entered it has to understand it.' },
      });
      expect(await say('The price differs')).to.include({ acked: true });
      expect(product.sandbox.slack.openViews(people.director)).to.have.length(0);
      await waitUntil(() => bill(ref)?.status === 'Rejected', { what: 'Rejected in Acumatica' });
    });

    it('hears of the end of its access', async () => {
      product.sandbox.slack.uninstall();
      await waitUntil(async () => (await product.database.db('installations').first('state'))?.state !== 'active', {
        what: 'the access has ended',
      });
    });
  });
}
