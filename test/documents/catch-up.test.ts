import { expect } from 'chai';
import { catchUpRoute } from '../../app/documents/catch-up.ts';
import { sweep } from '../../app/jobs/sweep.ts';
import { addRoute, bill, type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('catching up on documents that were known before their route', () => {
  let fresh: FreshDatabase;
  let home: House;
  beforeEach(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
  });
  afterEach(() => fresh.drop());

  async function addDocuments(count: number, actions: string[] = ['approve', 'reject']): Promise<void> {
    const documents = Array.from({ length: count }, () => ({ ...bill(), actions }));
    await fresh.db('documents').insert(
      documents.map((document) => ({
        ...{ connection_id: home.connectionId, kind: 'bill', key: document.key, reference: document.reference },
        ...{ status: document.status, hash: 'h', substance: 's', data: JSON.stringify(document) },
      })),
    );
  }
  const wish = async (route: string) => void (await fresh.db('route_catch_ups').insert({ route_id: route }));
  const cardsOf = (route: string) => fresh.db('cards').where({ route_id: route });
  const never = () => false;

  it('goes on where it was when a process was stopped, and gives each its card once', async () => {
    await addDocuments(1_300);
    const route = await addRoute(fresh.db, home, { channel: 'C1', deciders: [{ user: 'U1' }] });
    await wish(route);
    const once = [false, true];
    await catchUpRoute(fresh.db, route, () => once.shift() ?? true);
    expect(await cardsOf(route)).to.have.length(1_000);
    await sweep(fresh.db);
    const jobs = await fresh.db('graphile_worker.jobs').where({ task_identifier: 'catch-up-route' });
    expect(jobs).to.have.length(1);
    await catchUpRoute(fresh.db, route, never);
    await catchUpRoute(fresh.db, route, never);
    expect(await cardsOf(route)).to.have.length(1_300);
    expect(await fresh.db('route_catch_ups')).to.deep.equal([]);
  });

  it('takes only what can be decided there, and leaves what an earlier route has in the same channel', async () => {
    await addDocuments(3);
    await addDocuments(2, ['release']);
    await addDocuments(4, []);
    const first = await addRoute(fresh.db, home, { channel: 'C1', deciders: [] });
    const second = await addRoute(fresh.db, home, { channel: 'C1', deciders: [{ user: 'U1' }] });
    const other = await addRoute(fresh.db, home, { channel: 'C2', deciders: [{ user: 'U1' }] });
    for (const route of [first, second, other]) {
      await wish(route);
      await catchUpRoute(fresh.db, route, never);
    }
    expect(await cardsOf(first), 'all that can be decided at all, as it only informs').to.have.length(5);
    expect(await cardsOf(second)).to.have.length(0);
    expect(await cardsOf(other)).to.have.length(3);
  });

  it('ends quietly for a route that was retired', async () => {
    await addDocuments(1);
    const route = await addRoute(fresh.db, home, { channel: 'C1', deciders: [], retired: true });
    await wish(route);
    await catchUpRoute(fresh.db, route, never);
    expect(await cardsOf(route)).to.have.length(0);
    expect(await fresh.db('route_catch_ups')).to.deep.equal([]);
  });
});
