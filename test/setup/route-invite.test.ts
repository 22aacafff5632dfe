import { expect } from 'chai';
import { firstRead, home, openHome, press } from '../home/homes.ts';
import { addBill, isTold, toldTo } from '../support/lanes.ts';
import { channels, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { RouteHand, startForRoutes } from './route-hand.ts';

const { admin, director } = people;

describe('a route to a channel that the app is not in', () => {
  let product: Product;
  let hand: RouteHand;
  before(async () => {
    // Several words to one person within a second: how Slack paces those is not what is asked here.
    product = await startForRoutes({ scenario: { slack: { limits: 'off' } } });
    await firstRead(product);
    hand = new RouteHand(product);
  });
  after(() => product?.stop());
  const db = () => product.database.db;
  const addChannel = (name: string, isPrivate: boolean) =>
    product.sandbox.slack.state.roster.addChannel({ name, private: isPrivate }).id;

  async function save(given: Record<string, unknown>, vendor: string): Promise<void> {
    await hand.open();
    await hand.suggest('route_vendors', vendor);
    await hand.submit({ ...given, route_vendors: [vendor], 'route_people@route_people.0': [director] });
  }

  it('says how to invite it, can be saved, and goes on by itself once it is in', async () => {
    const channel = addChannel('close-circle', true);
    await save({ route_channel: channel, route_name: 'private one' }, 'SECRETIVE');
    expect(hand.text).to.contain(`I am not in ${channel} yet, and it is private`);
    expect(hand.text).to.contain('type /invite @Countersign in');
    await hand.submit();
    expect(hand.text).to.contain('Saved').and.contain('the cards come by themselves once I am in');

    const bills = ['1000.00', '2000.00'].map((amount) =>
      addBill(product, { channel, vendor: 'SECRETIVE', routeId: '' }, { amount }),
    );
    await product.readNow();
    await waitUntil(async () => (await db()('cards').where({ dead_code: 'uninvited' })).length === 2, {
      what: 'dead cards',
    });
    product.sandbox.slack.setBotMember(channel, true);
    for (const { ref } of bills) await product.card(ref, () => true, { channel });
    await isTold(
      product,
      admin,
      'so the route “private one” works there. The 2 cards that waited for that are on the way.',
    );
    expect(await db()('cards').where({ state: 'dead' })).to.deep.equal([]);
    const replayed = await db()('audit_events').where({ kind: 'card.replayed' });
    expect(replayed).to.have.length(2);

    await product.sandbox.slack.state.events.deliver(
      product.sandbox.slack.state.events.envelope({
        ...{ type: 'member_joined_channel', channel, user: product.sandbox.slack.state.installation.botUserId },
        ...{ channel_type: 'G', team: 'T0NORTHWND' },
      }),
    );
    for (const { ref } of bills) {
      const cards = product.sandbox.slack.messages(channel).filter(({ text }) => text.includes(ref));
      expect(cards, 'once, though the news comes twice').to.have.length(1);
    }
  });

  it('leaves alone what died for another reason, and what somebody else joining is about', async () => {
    const channel = addChannel('archived-one', true);
    await save({ route_channel: channel, route_name: 'archived' }, 'STORED');
    await hand.submit();
    product.sandbox.slack.setBotMember(channel, true);
    await isTold(product, admin, 'so the route “archived” works there.');
    product.sandbox.slack.setArchived(channel, true);
    addBill(product, { channel, vendor: 'STORED', routeId: '' });
    await product.readNow();
    await waitUntil(async () => db()('cards').where({ state: 'dead', dead_code: 'place' }).first(), {
      what: 'a dead card',
    });
    const told = toldTo(product, admin).length;
    product.sandbox.slack.setBotMember(channel, false);
    product.sandbox.slack.setBotMember(channel, true);
    await waitUntil(() => toldTo(product, admin).length > told, { what: 'the news' });
    expect(await db()('cards').where({ state: 'dead' })).to.have.length(1);
  });

  it('says of a public one that it may post there and not look', async () => {
    const channel = addChannel('open-one', false);
    await save({ route_channel: channel, route_name: 'public one' }, 'OPEN');
    expect(hand.text).to.contain(`I am not in ${channel}. I can post there all the same`);
    await hand.submit();
    const bill = addBill(product, { channel, vendor: 'OPEN', routeId: '' });
    await product.readNow();
    await product.card(bill.ref, () => true, { channel });
    await save({ route_channel: channels.approvals, route_name: 'a member' }, 'MEMBER');
    product.sandbox.slack.setBotMember(channels.approvals, true);
    await hand.submit({ route_burst: '19' });
    expect(hand.text).to.not.contain('I am not in');
  });

  it('works in a workspace that has not granted the newer scopes, and Home says so', async () => {
    const { botScopes } = product.sandbox.slack.state.installation;
    for (const scope of ['channels:read', 'groups:read']) botScopes.delete(scope);
    await db()('installations').update({ scopes: [...botScopes] });
    await save({ route_channel: addChannel('another', true), route_name: 'unknown' }, 'UNKNOWN');
    expect(hand.text).to.contain('Slack does not tell me whether I am in');
    await hand.submit();
    expect(hand.text).to.contain('Saved');
    await openHome(product, admin, ({ text }) => text.includes('Administration'));
    await press(product, admin, 'home_administration');
    const { text } = await home(product, admin, (found) => found.text.includes('Recent audit'));
    expect(text).to.contain('channels:read').and.contain('Install the app again').and.not.contain('im:write :');
  });
});
