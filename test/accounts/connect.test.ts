import { expect } from 'chai';
import { install } from '../../demo/install.ts';
import { buttonsIn, home, openHome, press } from '../home/homes.ts';
import { addBill, isTold, onlyWhenAsked, ownLane, ownLanesOnly, toldTo } from '../support/lanes.ts';
import { connectTreasury, type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { consentAs, decideInErp, follow, linkInForm, open, titleOf } from './browser.ts';

const installer = people.admin;

describe('A connection that signs in by consent', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ setUp: false });
    await install(product.appUrl);
    await db()('installations').update({ installer_user_id: installer });
    product.connectionId = await connectTreasury(db(), product.sandbox, {
      ...{ cadence: onlyWhenAsked, routes: ownLanesOnly },
      credentials: { sign_in: 'consent', username: undefined, password: '' },
    });
  });
  after(() => product?.stop());

  const site = () => product.sandbox.acumatica;
  const db = () => product.database.db;
  const connection = () => db()('connections').first('status', 'problem', 'problem_field', 'shared_state');
  const isNow = (status: string) =>
    waitUntil(async () => (await connection()).status === status, { what: `the connection ${status}` });

  async function administration(accept: (text: string) => boolean) {
    await openHome(product, installer);
    await press(product, installer, 'home_administration');
    return home(product, installer, ({ text }) => accept(text));
  }

  it('waits for somebody to connect it, and tells its installer once where', async () => {
    await isNow('broken');
    expect(await connection()).to.include({ problem_field: 'consent' });
    expect((await connection()).problem).to.match(/^Not connected yet: press Connect/);
    expect(site().counters.requests.token).to.equal(undefined);
    await isTold(product, installer, 'Not connected yet');
    const found = await administration((text) => text.includes('Not connected yet'));
    expect(buttonsIn(found)).to.include('connection_connect');
    expect(found.text).to.contain('Press Connect, and sign in there');
  });

  it('is connected by administrators only: asked when the link is made, and again when it is used', async () => {
    const installation = await db()('installations').first('id');
    const named = { installation_id: installation.id, person: people.controller };
    await db()('administrators').insert({ ...named, named_by: installer });
    const ask = () => press(product, people.controller, 'connection_connect');
    await openHome(product, people.controller);
    await press(product, people.controller, 'home_administration');
    await home(product, people.controller, (found) => buttonsIn(found).includes('connection_connect'));
    await ask();
    const { authorize, cookie } = await follow(await linkInForm(product, people.controller));
    await db()('administrators').where(named).delete();
    const seen = await open(await decideInErp(authorize, { as: 'countersign' }), cookie);
    expect([seen.status, titleOf(seen)]).to.deep.equal([403, 'Only administrators connect the app']);
    const { shared_state } = await connection();
    await db()('administrators').insert({ ...named, named_by: installer });
    await openHome(product, people.controller, (found) => buttonsIn(found).includes('connection_connect'));
    await db()('administrators').where(named).delete();
    await ask();
    await home(product, people.controller, ({ text }) => text.includes('Only administrators may do this'));
    expect(product.sandbox.slack.openViews(people.controller)).to.have.length(0);
    expect((await connection()).shared_state).to.equal(shared_state);
    await isNow('broken');
  });

  it('is read at once when somebody consented, and then goes on by itself', async () => {
    const lane = await ownLane(product);
    const bill = addBill(product, lane);
    await administration((text) => text.includes('Not connected yet'));
    await press(product, installer, 'connection_connect');
    const seen = await consentAs(await linkInForm(product, installer), 'countersign');
    expect([seen.status, titleOf(seen)]).to.deep.equal([200, 'Acumatica is connected']);
    expect(seen.html).to.contain('countersign in Acumatica').and.to.contain('treasury');
    await product.card(bill.ref, () => true, { channel: lane.channel });
    await isNow('active');
    await isTold(product, installer, 'works again');
    expect(await db()('audit_events').where({ kind: 'connection.connected' }).first('actor', 'data')).to.deep.equal({
      actor: installer,
      data: { user: 'countersign' },
    });
    site().expireAccessTokens();
    const next = addBill(product, lane);
    await product.readNow();
    await product.card(next.ref, () => true, { channel: lane.channel });
    expect(site().counters.tokens).to.include({ refreshed: 1, killedFamilies: 0 });
    expect(site().counters.sessions.list.map(({ user }) => user)).to.include('countersign');
  });

  it('breaks when its refresh token is dead, tells it once, and does not ask the ERP again and again', async () => {
    const told = toldTo(product, installer).length;
    site().revokeGrants();
    await product.readNow();
    await isNow('broken');
    expect((await connection()).problem).to.contain('connect again');
    await isTold(product, installer, 'connect again');
    const requests = site().counters.requests.token;
    await product.readNow();
    await waitUntil(async () => (await db()('feeds').first('attempts')).attempts > 0, { what: 'another try' });
    expect(site().counters.requests.token).to.equal(requests);
    expect(toldTo(product, installer)).to.have.length(told + 1);
    await administration((text) => text.includes('connect again') && text.includes('has stopped'));
    await press(product, installer, 'connection_connect');
    expect(titleOf(await consentAs(await linkInForm(product, installer), 'countersign'))).to.equal(
      'Acumatica is connected',
    );
    await isNow('active');
  });
});
