import { expect } from 'chai';
import { ask } from '../commands/support.ts';
import { connectLedger, planned, summaries } from '../summaries/ledger.ts';
import { channels, type Product } from '../support/product.ts';
import { RouteHand, startForRoutes } from './route-hand.ts';

describe('a route for summaries, set up in Slack', () => {
  let product: Product;
  before(async () => {
    product = await startForRoutes({ scenario: { intacct: { seedBills: 6 } } });
  });
  after(() => product.stop());

  it('asks nothing about deciding, takes the states of summaries, and brings what is run', async () => {
    const id = await connectLedger(product, { route: false });
    await planned(product, id);
    expect((await ask(product, 'run ledger summary')).text).to.match(/^No route of “ledger” takes posting summaries/);
    const hand = new RouteHand(product);
    await hand.open();
    await hand.change('route_connection', id);
    expect(hand.text).not.to.contain('Who decides');
    expect(await hand.suggest('route_statuses', 'clos')).to.include('Closing');
    expect(await hand.suggest('route_statuses', 'op')).to.include('Open');
    await hand.submit({ route_channel: channels.approvals, route_statuses: ['Open'] });
    await hand.submit();
    expect(hand.text).to.contain('Saved');
    const route = await product.database.db('routes').where({ connection_id: id }).first();
    expect(route).to.deep.include({ kind: 'summary', deciders: [], conditions: { statuses: ['Open'] } });
    await ask(product, 'run ledger summary');
    const [message] = await summaries(product, 1, channels.approvals);
    expect(message?.text).to.match(/^Posting summary of /);
  });
});
