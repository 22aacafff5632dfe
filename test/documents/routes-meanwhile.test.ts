import { expect } from 'chai';
import { catchUpRoute } from '../../app/documents/catch-up.ts';
import { readFeed } from '../../app/documents/read-feed.ts';
import { createLog } from '../../app/log.ts';
import { addRoute, bill, type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitUntil } from '../support/wait.ts';

describe('a route that is added while its feed is being read', () => {
  let fresh: FreshDatabase;
  let home: House;
  beforeEach(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
  });
  afterEach(() => fresh.drop());

  const stored = (document: ReturnType<typeof bill>) => ({
    ...{ connection_id: home.connectionId, kind: 'bill', key: document.key, reference: document.reference },
    ...{ status: document.status, hash: 'h', substance: 's', data: JSON.stringify(document) },
  });
  async function addFeed(): Promise<string> {
    const row = { connection_id: home.connectionId, kind: 'bill', cadence: '0 0 1 1 *' };
    const [feed] = await fresh.db('feeds').insert(row).returning('id');
    return String(feed.id);
  }

  it('takes the documents of the pages that come from then on', async () => {
    const [before, after] = [bill(), bill()];
    const erp = {
      async *read() {
        yield { documents: [before], cursor: { page: 1 } };
        await addRoute(fresh.db, home, { channel: 'C1', deciders: [{ user: 'U1' }] });
        yield { documents: [after], cursor: { page: 2 } };
      },
    };
    const row = await fresh.db('connections').first();
    const connections = { open: async () => ({ row, erp, connector: { feeds: {}, title: 'ERP' } }) } as never;
    const lease = { id: '00000000-0000-4000-8000-000000000009', isGood: () => true } as never;
    const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
    await readFeed({ db: fresh.db, lease, connections, log }, await addFeed(), new AbortController().signal);
    const cards = await fresh.db('cards as c').join('documents as d', 'd.id', 'c.document_id').pluck('d.key');
    expect(cards).to.deep.equal([after.key]);
  });

  it('waits for a page that is just being stored before it looks for what was known', async () => {
    const feed = await addFeed();
    const route = await addRoute(fresh.db, home, { channel: 'C1', deciders: [{ user: 'U1' }] });
    await fresh.db('route_catch_ups').insert({ route_id: route });
    const page = await fresh.db.transaction();
    await page('feeds').where({ id: feed }).update({ cursor: '{"page":1}' });
    await page('documents').insert(stored(bill()));
    const caughtUp = catchUpRoute(fresh.db, route, () => false);
    await waitUntil(async () => (await fresh.db.raw(`select 1 from pg_locks where not granted`)).rows.length > 0, {
      what: 'waiting for the page',
    });
    await page.commit();
    await caughtUp;
    expect(await fresh.db('cards').where({ route_id: route })).to.have.length(1);
  });
});
