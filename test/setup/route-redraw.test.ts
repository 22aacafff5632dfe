import { expect } from 'chai';
import { firstRead, home, press } from '../home/homes.ts';
import { buttonsOf, postBill } from '../support/lanes.ts';
import { type CardMessage, type Product, people } from '../support/product.ts';
import { RouteHand, startForRoutes } from './route-hand.ts';

describe('an edited route', () => {
  let product: Product;
  before(async () => {
    product = await startForRoutes();
    await firstRead(product);
  });
  after(() => product?.stop());
  const mentions = (user: string) => (card: CardMessage) => JSON.stringify(card.blocks).includes(user);

  it('shows on the cards that stand; retired, they lose their buttons, and taken up again they have them back', async () => {
    const { bill, lane, card } = await postBill(product, {}, { deciders: [{ user: people.director }] });
    expect(mentions(people.controller)(card)).to.equal(false);
    const { name } = await product.database.db('routes').where({ id: lane.routeId }).first('name');
    const hand = new RouteHand(product);
    await hand.open(name);
    await hand.submit({ 'route_people@route_people.0': [people.controller] });
    await hand.submit();
    expect(hand.text).to.contain('Saved');
    const edited = await product.card(bill.ref, mentions(people.controller), lane);
    expect(buttonsOf(edited)).to.include('decide_approve');
    await hand.administration();
    await press(product, people.admin, 'home_retire_route', name);
    await home(product, people.admin, ({ text }) => text.includes(`“${name}” is retired`));
    const withButtons = (has: boolean) => (each: CardMessage) => buttonsOf(each).includes('decide_approve') === has;
    expect((await product.card(bill.ref, withButtons(false), lane)).ts).to.equal(card.ts);
    await product.database.db('routes').where({ id: lane.routeId }).update({ retired_at: null });
    expect((await product.card(bill.ref, withButtons(true), lane)).ts).to.equal(card.ts);
  });
});
