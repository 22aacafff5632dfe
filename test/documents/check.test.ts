import { expect } from 'chai';
import type { ConnectionPool } from '../../app/connections/open.ts';
import { checkDocuments } from '../../app/documents/check.ts';
import { storeDocuments } from '../../app/documents/store.ts';
import type { ErpDocument } from '../../app/domain/document.ts';
import { createLog } from '../../app/log.ts';
import { wantChecks } from '../../app/push/receive.ts';
import type { ErpConnection } from '../../connectors/connector.ts';
import { addCards, addRoute, bill, type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitUntil } from '../support/wait.ts';

describe('Looking at documents one by one', () => {
  let fresh: FreshDatabase;
  let home: House;
  beforeEach(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
  });
  afterEach(() => fresh.drop());

  const want = (...keys: string[]) =>
    fresh.db.transaction((trx) => wantChecks(trx, home.connectionId, 'bill', keys, 0));

  /** Looks at what is due, at an ERP that answers as told. */
  async function look(erp: Pick<ErpConnection, 'get'> | Pick<ErpConnection, 'getMany'>) {
    const row = await fresh.db('connections').where({ id: home.connectionId }).first();
    const connections = { open: async () => ({ row, erp, connector: { feeds: {} } }) } as unknown as ConnectionPool;
    const lease = { id: home.connectionId, isGood: () => true, processes: () => 1, stop: async () => {} };
    const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
    await checkDocuments({ db: fresh.db, lease, connections, log }, home.connectionId, AbortSignal.timeout(30_000));
  }

  const checks = () => fresh.db('document_checks').select('key', 'attempts');

  it('looks once more at what is reported again while it is looked at: what was read may be older than that', async () => {
    const known = bill();
    await fresh.db.transaction((trx) => storeDocuments(trx, { ...home, routes: [] }, [known]));
    await want(known.key);
    const answers: Array<ErpDocument | null> = [known, null];
    await look({
      get: async () => {
        const answer = answers.shift() ?? null;
        if (answer) await want(known.key);
        return answer;
      },
    });
    expect(answers).to.deep.equal([]);
    expect((await fresh.db('documents').first('gone_at')).gone_at).to.be.instanceOf(Date);
    expect(await checks()).to.deep.equal([]);
  });

  it('looks once at what is reported twice before', async () => {
    await want('Bill/B');
    await want('Bill/B');
    let asked = 0;
    await look({
      get: async () => {
        asked += 1;
        return null;
      },
    });
    expect(asked).to.equal(1);
    expect(await checks()).to.deep.equal([]);
  });

  it('tells of many that are gone at once, each on its card', async () => {
    const route = { id: await addRoute(fresh.db, home, { channel: 'C1', deciders: [] }), channel: 'C1' };
    const gone = [bill(), bill(), bill()];
    const cards = await addCards(fresh.db, home, route, gone);
    await want(...gone.map(({ key }) => key));
    await look({ getMany: { bill: async () => new Map() } });
    expect(await fresh.db('documents').whereNull('gone_at').pluck('id')).to.deep.equal([]);
    const redrawn = await fresh.db('cards').where('desired_version', '>', 1).orderBy('id').pluck('id');
    expect(redrawn.map(String)).to.deep.equal(cards.map(({ cardId }) => cardId));
    const told = await fresh.db('audit_events').where({ kind: 'document.gone' }).pluck('document_id');
    expect(told.map(String).sort()).to.deep.equal(cards.map(({ documentId }) => documentId).sort());
  });

  it('takes documents in the order in which a page is stored, whether they are gone or not', async () => {
    const [first, second] = [bill({ reference: 'ORDER-1' }), bill({ reference: 'ORDER-2' })];
    await fresh.db.transaction((trx) => storeDocuments(trx, { ...home, routes: [] }, [first, second]));
    await want(first.key, second.key);
    const page = await fresh.db.transaction();
    const hold = ({ key }: ErpDocument) => page('documents').where({ key }).forUpdate().first('id');
    await hold(first);
    const looking = look({ getMany: { bill: async () => new Map([[second.key, { ...second, status: 'Open' }]]) } });
    await waitUntil(
      async () => {
        const { rows } = await fresh.db.raw(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rows[0];
      },
      { what: 'the check waiting for the page' },
    );
    await hold(second);
    await page.commit();
    await looking;
    expect(await checks(), 'neither had to give up').to.deep.equal([]);
    const gone = await fresh.db('documents').whereNotNull('gone_at').pluck('key');
    expect(gone).to.deep.equal([first.key]);
  });
});
