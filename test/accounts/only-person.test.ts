import { expect } from 'chai';
import { applyChanges } from '../../app/connections/apply/apply.ts';
import { exportFile } from '../../app/connections/apply/export.ts';
import { readApplyFile } from '../../app/connections/apply/file.ts';
import { loadRoutes } from '../../app/connections/routes.ts';
import { connectors } from '../../connectors/index.ts';
import { RouteHand } from '../setup/route-hand.ts';
import { testKeyring } from '../support/database.ts';
import { channels, type Product, people } from '../support/product.ts';
import { startBooks } from './books.ts';

describe('A route for documents about which only people themselves can decide', () => {
  let product: Product;
  before(async () => {
    product = await startBooks({ kinds: ['payment'], settings: { read_from_days: 1 } });
  });
  after(() => product?.stop());
  const db = () => product.database.db;

  it('offers no service account in its form, says so, and is saved so', async () => {
    const hand = new RouteHand(product);
    await hand.open();
    expect(hand.text).to.contain('Here everyone decides with their own ERP account');
    expect(JSON.stringify(hand.view.definition)).to.not.contain('route_act_as');
    const given = { route_channel: channels.approvals, 'route_people@route_people.0': [people.director] };
    expect((await hand.submit(given)).errors).to.equal(undefined);
    await hand.submit(given);
    const [route] = await loadRoutes(db(), product.connectionId);
    expect(route?.actAs).to.equal('person');
  });

  it('is meant by a file that says nothing, and no file may say something else', async () => {
    const file = (actAs: string) => `connections:
  - name: by file
    connector: intacct
    credentials:
      { sender_id: S, sender_password: sss, company_id: C, user_id: u, password: ppp }
    routes:
      - { name: requests, kind: payment, channel: C0123, deciders: [{ user: U1 }]${actAs} }
  - name: books
    connector: intacct
    credentials:
      { sender_id: S, sender_password: sss, company_id: C, user_id: u, password: ppp }
    routes: []`;
    const apply = (text: string) => applyChanges(db(), testKeyring(), readApplyFile(text, {}, connectors));
    const routes = async () => {
      const { id } = await db()('connections').where({ name: 'by file' }).first('id');
      return (await loadRoutes(db(), id)).map(({ actAs }) => actAs);
    };
    await apply(file(''));
    expect(await routes()).to.deep.equal(['person']);
    const again = await apply(file(', act_as: person'));
    expect(again.filter((line) => line.includes('act_as'))).to.deep.equal([]);
    for (const actAs of ['service', 'person_or_service']) {
      expect(() => readApplyFile(file(`, act_as: ${actAs}`), {}, connectors)).to.throw(
        `connections[0].routes[0].act_as: in Sage Intacct payments are decided by people themselves only, so it cannot be "${actAs}"; leave it out or write "person"`,
      );
    }
    expect(await routes()).to.deep.equal(['person']);
    expect(await exportFile(db(), testKeyring(), connectors)).to.contain('act_as: person');
  });
});
