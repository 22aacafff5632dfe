import { expect } from 'chai';
import { wantChecks } from '../../app/push/receive.ts';
import { ask } from '../commands/support.ts';
import { buttonsOf, onlyWhenAsked, ownLanesOnly, postBill } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';

describe('a document that Acumatica moved to its archive', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
  });
  after(() => product?.stop());

  const look = (ref: string) =>
    product.database.db.transaction((trx) => wantChecks(trx, product.connectionId, 'bill', [`Bill|${ref}`], 0));

  it('is not told as gone: its card says that it is archived, offers nothing, and comes back with it', async () => {
    const { bill, lane, card } = await postBill(product, { status: 'Balanced' }, { actions: ['release', 'hold'] });
    expect(buttonsOf(card)).to.include('decide_release');
    product.sandbox.acumatica.editBill(bill.ref, { status: 'Closed', archived: true, touch: false });
    await look(bill.ref);
    const saying = (words: string) => (message: { blocks?: unknown[] }) =>
      JSON.stringify(message.blocks).includes(words);
    const archived = await product.card(bill.ref, saying('This record is archived in Acumatica: it is Closed'), lane);
    expect(buttonsOf(archived)).to.deep.equal(['open_in_erp']);
    expect(JSON.stringify(archived.blocks)).to.not.contain('no longer in');
    const found = await ask(product, `find ${bill.ref}`, people.admin, lane.channel);
    expect(found.blocks).to.contain('archived').and.not.contain('no longer in the ERP');
    product.sandbox.acumatica.editBill(bill.ref, { status: 'Balanced', archived: false });
    await look(bill.ref);
    expect(buttonsOf(await product.card(bill.ref, saying('decide_release'), lane))).to.include('decide_hold');
  });
});
