import { expect } from 'chai';
import { firstRead } from '../home/homes.ts';
import { addBill, hurry } from '../support/lanes.ts';
import { type CardMessage, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { RouteHand, startForRoutes } from './route-hand.ts';

const { director, controller } = people;

describe('a route to a person', () => {
  let product: Product;
  before(async () => {
    product = await startForRoutes();
    await firstRead(product);
  });
  after(() => product?.stop());
  const lane = (vendor: string) => ({ channel: '', vendor, routeId: '' });
  const db = () => product.database.db;

  /** The direct message of the app with somebody. */
  function direct(user: string): string {
    const { state } = product.sandbox.slack;
    return state.roster.directMessage(state.installation.botUserId, user).id;
  }
  const card = (ref: string, user: string, accept: (card: CardMessage) => boolean = () => true) =>
    product.card(ref, accept, { channel: direct(user), user });
  const laneOf = (user: string) => db()('lanes').where({ channel: user }).first();

  async function routeTo(user: string, vendor: string): Promise<void> {
    const hand = new RouteHand(product);
    await hand.open();
    await hand.suggest('route_vendors', vendor);
    await hand.submit({
      ...{ route_person: user, route_vendors: [vendor], route_name: `to ${user}` },
      'route_people@route_people.0': [user],
    });
    await hand.submit();
    expect(hand.text).to.contain('Saved').and.contain(user);
  }

  it('posts, redraws and threads its cards as direct messages, and carries what is decided there', async () => {
    await routeTo(director, 'DIRECT');
    const bill = addBill(product, lane('DIRECT'));
    await product.readNow();
    const posted = await card(bill.ref, director);
    // The row follows the message by an instant.
    await waitUntil(async () => (await laneOf(director))?.conversation === direct(director), {
      what: 'the conversation',
    });
    await product.click(posted, 'decide_approve');
    await card(bill.ref, director, ({ blocks }) => JSON.stringify(blocks).includes('Approved by'));
    await product.thread(posted, (texts) => texts.some((text) => text.includes('approved')));
    expect(product.sandbox.acumatica.bill(bill.ref)?.status).to.equal('Balanced');
  });

  it('finds a card whose posting got no answer, the very first one as well', async () => {
    const { slack } = product.sandbox;
    await routeTo(controller, 'FIRST');
    slack.setFault({ kind: 'drop_after_done', method: 'chat.postMessage', times: 1 });
    const bill = addBill(product, lane('FIRST'));
    await product.readNow();
    await waitUntil(async () => db()('cards').where({ state: 'uncertain' }).first(), { what: 'an uncertain card' });
    await hurry(product);
    await waitUntil(async () => (await laneOf(controller))?.conversation === direct(controller), {
      what: 'the conversation',
    });
    const cards = slack.messages(direct(controller)).filter(({ text }) => text.includes(bill.ref));
    expect(cards, 'posted once').to.have.length(1);
  });

  it('works where the workspace has not granted what finding needs: then a card may stand there twice', async () => {
    const { slack } = product.sandbox;
    for (const scope of ['im:write', 'im:history']) slack.state.installation.botScopes.delete(scope);
    await routeTo(people.clerk, 'OLDER');
    slack.setFault({ kind: 'drop_after_done', method: 'chat.postMessage', times: 1 });
    const bill = addBill(product, lane('OLDER'));
    await product.readNow();
    await waitUntil(async () => db()('cards').where({ state: 'uncertain' }).first(), { what: 'an uncertain card' });
    await hurry(product);
    await waitUntil(async () => (await laneOf(people.clerk))?.conversation, { what: 'the conversation' });
    const posted = await card(bill.ref, people.clerk);
    await product.click(posted, 'decide_approve', people.clerk);
    await waitUntil(() => product.sandbox.acumatica.bill(bill.ref)?.status === 'Balanced', { what: 'Balanced' });
    await card(bill.ref, people.clerk, ({ blocks }) => JSON.stringify(blocks).includes('Approved by'));
  });
});
