import { expect } from 'chai';
import manifest from '../../manifest.json' with { type: 'json' };
import { startBooks } from '../accounts/books.ts';
import { firstRead } from '../home/homes.ts';
import { channels, type Product } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { RouteHand } from './route-hand.ts';

describe('the form for a route of exceptions', () => {
  let product: Product;
  let hand: RouteHand;
  before(async () => {
    product = await startBooks({ kinds: ['bill', 'exception'], settings: { private_entities: 'read' } });
    product.sandbox.slack.followManifest(manifest);
    const { maker } = product.sandbox.intacct;
    maker.entry({ state: 'I', balance: 'too little credit' });
    for (const state of ['R', 'R', 'S']) maker.entry({ state });
    // Where no route asks for exceptions they are not read.
    await product.database.db('routes').insert({
      ...{
        connection_id: product.connectionId,
        name: 'other',
        position: 1,
        kind: 'exception',
        channel: channels.large,
      },
      ...{ conditions: JSON.stringify({ types: ['Nothing'] }), deciders: '[]', actions: [] },
    });
    await product.readNow();
    await firstRead(product);
    await product.sandbox.slack.setBotMember(channels.treasury, true);
    hand = new RouteHand(product);
  });
  after(() => product?.stop());
  const route = () => product.database.db('routes').whereNot({ name: 'other' }).first();

  it('asks for severities and how they are shown, and not who decides', async () => {
    await hand.open();
    await hand.change('route_kind', 'exception');
    await hand.shows(({ values }) => 'route_severities' in values);
    expect(hand.value('route_severities')).to.deep.equal(['info', 'warning', 'critical']);
    expect(hand.value('route_severity')).to.equal('as_found');
    expect(hand.text)
      .to.contain('Severities')
      .and.not.contain('Who may decide')
      .and.not.contain('In the ERP’s own note');
    expect(await hand.suggest('route_types', 'declined')).to.include('Journal was declined');
    expect(await hand.suggest('route_statuses', 'sol')).to.include('Solved');
  });

  it('shows what would have come, saves it, and offers to post what is open now', async () => {
    await hand.submit({
      route_severities: ['warning', 'critical'],
      route_severity: 'critical',
      route_channel: channels.treasury,
    });
    await hand.says('Exceptions of the last');
    expect(hand.text).to.contain('that match: 3.').and.not.contain('In all');
    expect(hand.text).to.contain('Also post the 3 that wait now');
    expect(hand.value('route_name', 'route_name.1')).to.equal('Exceptions of severity warning or critical');
    await hand.submit({ route_catch_up: ['yes'] });
    const saved = await waitUntil(route, { what: 'the route' });
    expect(saved).to.deep.include({
      ...{ kind: 'exception', severity: 'critical', conditions: { severities: ['warning', 'critical'] } },
    });
    for (const text of ['Critical: Journal does not balance', 'Critical: Journal was declined'])
      await product.card(text, () => true, { channel: channels.treasury });
  });

  it('comes back as it was saved', async () => {
    await hand.open('Exceptions of severity');
    expect(hand.value('route_severities')).to.deep.equal(['warning', 'critical']);
    expect(hand.value('route_severity')).to.equal('critical');
    expect(hand.text).to.not.contain('Who may decide');
  });
});
