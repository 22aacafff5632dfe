import { expect } from 'chai';
import { storeDocuments } from '../../app/documents/store.ts';
import { bill, type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('storing a document that the ERP stamped as older', () => {
  let fresh: FreshDatabase;
  let home: House;
  beforeEach(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
  });
  afterEach(() => fresh.drop());

  const first = bill({ modifiedAt: '2026-03-01T12:10:00.000Z' });
  const second = { ...first, description: 'after the clock was put back', modifiedAt: '2026-03-01T12:05:00.000Z' };
  const clock = async () => (await fresh.db.raw('select clock_timestamp()::text as now')).rows[0].now as string;
  const store = (document: typeof first, readFrom?: string) =>
    fresh.db.transaction((trx) =>
      storeDocuments(trx, { ...home, routes: [], ...(readFrom ? { readFrom } : {}) }, [document]),
    );
  const stored = async () => (await fresh.db('documents').first()).data.description;

  it('leaves what is stored, since it may have been read before that', async () => {
    await store(first);
    await store(second);
    expect(await stored()).to.equal(null);
    const began = await clock();
    await fresh.db('documents').update({ changed_at: fresh.db.raw('clock_timestamp()') });
    await store(second, began);
    expect(await stored(), 'stored while it was being read').to.equal(null);
  });

  it('takes it where its reading began after the other was stored', async () => {
    await store(first);
    await store(second, await clock());
    expect(await stored()).to.equal('after the clock was put back');
  });

  it('notes when it was merely touched, as no change', async () => {
    await store(first);
    const touched = { ...first, modifiedAt: '2026-03-01T12:20:00.000Z' };
    expect(await store(touched)).to.deep.equal({ added: 0, changed: 0, cards: 0 });
    const row = await fresh.db('documents').first();
    expect(row.modified_at.toISOString()).to.equal(touched.modifiedAt);
    expect(row.version).to.equal(1);
    await store(second);
    expect(await stored(), 'and what is older than that is no news').to.equal(null);
  });
});
