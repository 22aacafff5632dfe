import { expect } from 'chai';
import { loadRoutes } from '../../app/connections/routes.ts';
import { digestRoute } from '../../app/digests/digest-route.ts';
import { storeDocuments } from '../../app/documents/store.ts';
import type { ErpDocument } from '../../app/domain/document.ts';
import { createLog } from '../../app/log.ts';
import { addRoute, bill, type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitUntil } from '../support/wait.ts';

const log = createLog({ level: 'error', format: 'text' });

describe('A digest that is made while its documents change', () => {
  let fresh: FreshDatabase;
  let here: House;
  let routeId: string;
  before(async () => {
    fresh = await freshDatabase();
  });
  beforeEach(async () => {
    here = await house(fresh.db);
    routeId = await addRoute(fresh.db, here, { channel: 'C0DIGESTS0', deciders: [] });
    await fresh.db('routes').where({ id: routeId }).update({ digest_cadence: '0 0 1 1 *' });
    await digestRoute({ db: fresh.db, log }, routeId);
  });
  after(() => fresh.drop());

  const store = (documents: ErpDocument[]) =>
    fresh.db.transaction(async (trx) =>
      storeDocuments(trx, { ...here, routes: await loadRoutes(trx, here.connectionId) }, documents),
    );
  const due = () =>
    fresh
      .db('route_digests')
      .where({ route_id: routeId })
      .update({ due_at: new Date(0) });
  const somebodyWaits = () =>
    waitUntil(
      async () => {
        const { rows } = await fresh.db.raw(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      },
      { what: 'a transaction that waits for another' },
    );
  const digests = () => fresh.db('cards').where({ route_id: routeId, document_id: null }).orderBy('id');

  it('is drawn anew for a change that had to wait for it', async () => {
    const [first, second] = [bill({ reference: 'RACE-1' }), bill({ reference: 'RACE-2' })];
    await store([first, second]);
    await due();
    const making = await fresh.db.transaction();
    await digestRoute({ db: making, log }, routeId);
    const storing = store([{ ...first, status: 'Balanced' }]);
    await somebodyWaits();
    await making.commit();
    await storing;
    const [digest] = await digests();
    expect(digest.desired_version).to.equal(2);
    const moved = await fresh.db('cards').where({ digest_id: digest.id }).orderBy('id').pluck('status_before');
    expect(moved).to.deep.equal(['Pending Approval', null]);
  });

  it('takes in a document whose change it had to wait for', async () => {
    const document = bill({ reference: 'RACE-3' });
    await store([document]);
    await due();
    const storing = await fresh.db.transaction();
    const routes = await loadRoutes(storing, here.connectionId);
    await storeDocuments(storing, { ...here, routes }, [{ ...document, status: 'Balanced' }]);
    const making = digestRoute({ db: fresh.db, log }, routeId);
    await somebodyWaits();
    await storing.commit();
    await making;
    const [digest] = await digests();
    expect(await fresh.db('cards').where({ digest_id: digest.id })).to.have.length(1);
  });

  it('leaves to the next one what is stored after it', async () => {
    await store([bill({ reference: 'NOW' })]);
    await due();
    const storing = await fresh.db.transaction();
    const routes = await loadRoutes(storing, here.connectionId);
    await storeDocuments(storing, { ...here, routes }, [bill({ reference: 'LATER' })]);
    await digestRoute({ db: fresh.db, log }, routeId);
    await storing.commit();
    await due();
    await digestRoute({ db: fresh.db, log }, routeId);
    const members = await fresh
      .db('cards as c')
      .join('documents as d', 'd.id', 'c.document_id')
      .where('c.route_id', routeId)
      .orderBy('c.digest_id')
      .select('d.reference', 'c.digest_id');
    const [first, second] = await digests();
    expect(members).to.deep.equal([
      { reference: 'NOW', digest_id: first.id },
      { reference: 'LATER', digest_id: second.id },
    ]);
    expect(second.digest.since).to.match(/^\d{4}-/);
  });

  it('is not made for the same tick by one who waited for the first', async () => {
    await store([bill({ reference: 'ONCE' })]);
    await due();
    const making = await fresh.db.transaction();
    await digestRoute({ db: making, log }, routeId);
    const again = digestRoute({ db: fresh.db, log }, routeId);
    await somebodyWaits();
    await store([bill({ reference: 'NEXT' })]);
    await making.commit();
    await again;
    expect(await digests()).to.have.length(1);
  });
});
