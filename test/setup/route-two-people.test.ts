import { expect } from 'chai';
import { firstRead } from '../home/homes.ts';
import { channels, type Product, people } from '../support/product.ts';
import { RouteHand, startForRoutes } from './route-hand.ts';

const { admin, director, controller } = people;

describe('two administrators at one route', () => {
  let product: Product;
  before(async () => {
    product = await startForRoutes();
    await firstRead(product);
    const installation = await db()('installations').first('id');
    await db()('administrators').insert({ installation_id: installation.id, person: controller, named_by: admin });
  });
  after(() => product?.stop());
  const db = () => product.database.db;
  const route = () => db()('routes').where({ name: 'route 0' }).first();

  it('do not overwrite each other silently: the later one hears of it, keeps what was typed, and may insist', async () => {
    const [first, second] = [new RouteHand(product), new RouteHand(product, controller)];
    await first.open('route 0');
    await second.open('route 0');
    await second.submit({ route_burst: '7' });
    await second.submit();
    expect(second.text).to.contain('Saved');

    await first.submit({ route_burst: '9', 'route_people@route_people.0': [director] });
    await first.submit();
    expect(first.text).to.contain(`⚠️ ${controller} changed this route while you had it open`);
    expect(first.text).to.contain('burst 20 → 7');
    expect(first.submitLabel).to.equal('Save all the same');
    expect(first.value('route_burst')).to.equal('9');
    expect((await route()).burst).to.equal(7);
    await first.submit();
    expect(first.text).to.contain('Saved');
    expect(await route()).to.deep.include({ burst: 9, deciders: [{ user: director }], set_up_by: admin });
  });

  it('hear that it was retired meanwhile, and nothing is saved', async () => {
    const hand = new RouteHand(product);
    await hand.open('route 0');
    await hand.submit({ route_burst: '11' });
    await db()('routes').where({ name: 'route 0' }).update({ retired_at: new Date() });
    await hand.submit();
    expect(hand.text).to.contain('not there any more');
    expect((await route()).burst).to.equal(9);
  });

  it('cannot both take one name, and a form that is sent twice is saved once', async () => {
    const [first, second] = [new RouteHand(product), new RouteHand(product, controller)];
    const given = { route_channel: channels.approvals, route_name: 'twice' };
    for (const hand of [first, second]) {
      await hand.open();
      await hand.submit(given);
    }
    await first.submit();
    expect(first.text).to.contain('Saved');
    const { errors } = await second.submit({ route_burst: '3' });
    expect(Object.values(errors ?? {})[0]).to.contain('Another route of this connection has this name');
    await product.sandbox.slack.redeliver('view_submission', 2);
    expect(await db()('routes').where({ name: 'twice' })).to.have.length(1);
    expect(
      await db()('audit_events').where({ kind: 'route.added' }).whereRaw(`data ->> 'name' = 'twice'`),
    ).to.have.length(1);
  });

  it('takes a retired route up again by its name', async () => {
    await db()('routes').where({ name: 'twice' }).update({ retired_at: new Date() });
    const hand = new RouteHand(product);
    await hand.open();
    await hand.submit({ route_channel: channels.large, route_name: 'twice' });
    await hand.submit();
    expect(hand.text).to.contain('Saved');
    expect(await db()('routes').where({ name: 'twice' }).first()).to.deep.include({
      channel: channels.large,
      retired_at: null,
    });
  });
});
