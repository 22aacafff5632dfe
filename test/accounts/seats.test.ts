import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { applyChanges } from '../../app/connections/apply/apply.ts';
import { readApplyFile } from '../../app/connections/apply/file.ts';
import { pauseConnection, resumeConnection } from '../../app/connections/pause.ts';
import { connectors } from '../../connectors/index.ts';
import { testKeyring } from '../support/database.ts';
import { addBill, onlyWhenAsked, ownLane, ownLanesOnly } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

describe('The seats that the app takes in an ERP', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      ...{ cadence: onlyWhenAsked, routes: ownLanesOnly, credentials: { sign_in: 'cookie' } },
    });
  });
  after(() => product?.stop());

  const db = () => product.database.db;
  const sessions = () => product.sandbox.acumatica.counters.sessions;
  const seats = (count: number, what: string) =>
    waitUntil(() => sessions().open === count, { what: () => `${count} seats ${what}; ${sessions().open} are taken` });

  async function read(): Promise<void> {
    const lane = await ownLane(product);
    const bill = addBill(product, lane);
    await product.readNow();
    await product.card(bill.ref, () => true, { channel: lane.channel });
  }

  it('are one for a connection by cookie', async () => {
    await read();
    await read();
    expect(sessions()).to.deep.include({ open: 1, opened: 1 });
  });

  it('are given back while a connection is paused, and taken again when it is resumed', async () => {
    const installation = await db()('installations').first('id');
    const subject = { installationId: installation.id, connectionId: product.connectionId, actor: people.admin };
    expect(await pauseConnection(db(), subject)).to.equal('changed');
    await seats(0, 'while paused');
    await waitUntil(async () => (await db()('erp_farewells').first('id')) === undefined, { what: 'nothing left over' });
    expect(await resumeConnection(db(), subject)).to.equal('changed');
    await read();
    expect(sessions().open).to.equal(1);
  });

  it('stay while another process lives, and are given back when the last one stops', async () => {
    const id = randomUUID();
    const soon = new Date(Date.now() + 60_000);
    await db()('processes').insert({ id, host: 'another', pid: 1, alive_until: soon });
    await product.stopApp();
    expect(sessions().open).to.equal(1);
    await product.startApp();
    await read();
    expect(sessions()).to.include({ open: 1 });
    await db()('processes').where({ id }).delete();
    await product.stopApp();
    expect(sessions().open).to.equal(0);
    await product.startApp();
    await read();
    expect(sessions().open).to.equal(1);
  });

  it('are given back when the connection gets other credentials', async () => {
    const site = product.sandbox.acumatica.describe();
    const service = site.users[0];
    const file = `connections:
  - name: treasury
    connector: acumatica
    credentials:
      site: ${site.url}
      tenant: ${site.tenant}
      client_id: ${site.clientId}
      client_secret: ${site.clientSecret}
      username: ${service?.username}
      password: ${service?.password}
    feeds: { bill: { cadence: "*/1 * * * * *" } }`;
    const before = sessions();
    expect(before.list.map(({ by }) => by)).to.deep.equal(['cookie']);
    const lines = await applyChanges(db(), testKeyring(), readApplyFile(file, {}, connectors));
    expect(lines.join()).to.contain('sign_in cookie → password');
    await waitUntil(() => sessions().closed > before.closed, { what: 'the old session closed' });
    await waitUntil(() => sessions().list.some(({ by }) => by === 'token'), { what: 'a session by token' });
    expect(sessions().list.map(({ by }) => by)).to.deep.equal(['token']);
    expect(await db()('erp_farewells')).to.deep.equal([]);
  });
});
