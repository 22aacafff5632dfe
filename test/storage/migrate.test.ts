import { expect } from 'chai';
import { type Database, openDatabase, urlOf } from '../../app/storage/database.ts';
import { isMigrated, migrate, migrateDown } from '../../app/storage/migrate.ts';
import { migrationSource } from '../../migrations/index.ts';
import { addCards, addRoute, bill, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('migrations', () => {
  let fresh: FreshDatabase;
  beforeEach(async () => {
    fresh = await freshDatabase();
  });
  afterEach(() => fresh.drop());

  const tables = async (db: Database) => {
    const { rows } = await db.raw(
      `select schemaname || '.' || tablename as name from pg_tables where schemaname in ('public', 'graphile_worker')`,
    );
    return rows.map(({ name }: { name: string }) => name).sort();
  };

  it('go down to nothing and up to the same again', async () => {
    const before = await tables(fresh.db);
    expect(before).to.include('public.audit_events').and.to.include('graphile_worker._private_jobs');
    await migrateDown(fresh.db);
    expect(await tables(fresh.db)).to.deep.equal(['public.knex_migrations', 'public.knex_migrations_lock']);
    expect(await isMigrated(fresh.db)).to.equal(false);
    await migrate(fresh.db);
    expect(await tables(fresh.db)).to.deep.equal(before);
    expect(await isMigrated(fresh.db)).to.equal(true);
  });

  it('take a filled database of an earlier version to this one, keep what is in it, and take back what they added', async () => {
    const { db } = fresh;
    await migrateDown(db);
    const names = await migrationSource.getMigrations([]);
    const earlier = names.slice(0, names.indexOf('19-pushes') + 1);
    await db.migrate.latest({ migrationSource: { ...migrationSource, getMigrations: async () => earlier } });
    const shape = async () =>
      (
        await db.raw<{ rows: Array<{ part: string }> }>(
          `select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable as part
             from information_schema.columns where table_schema = 'public'
           union all select indexdef from pg_indexes where schemaname = 'public'
           union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
             where connamespace = 'public'::regnamespace
           union all select proname from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
        )
      ).rows.map(({ part }) => part);
    const before = await shape();
    const home = await house(db);
    const route = { id: await addRoute(db, home, { channel: 'C1', deciders: [] }), channel: 'C1' };
    await db('feeds').insert({ connection_id: home.connectionId, kind: 'bill', cadence: '* * * * *' });
    await addCards(db, home, route, [bill(), bill({ amount: null }), bill({ vendor: null })]);
    const cards = () => db('cards').orderBy('id').select('id', 'state', 'document_id');
    const known = await cards();
    await migrate(db);
    expect(await isMigrated(db)).to.equal(true);
    expect(await cards()).to.deep.equal(known);
    for (const _ of names.slice(earlier.length)) await db.migrate.down({ migrationSource });
    expect(await shape()).to.deep.equal(before);
    expect(await cards()).to.deep.equal(known);
  });

  it('are taken once when several processes start at the same moment', async () => {
    await migrateDown(fresh.db);
    const others = [1, 2, 3].map(() => openDatabase(urlOf(fresh.db), { max: 2 }));
    await Promise.all(others.map((db) => migrate(db)));
    const names = await fresh.db('knex_migrations').orderBy('id').pluck('name');
    expect(new Set(names).size).to.equal(names.length).and.to.be.greaterThan(0);
    await Promise.all(others.map((db) => db.destroy()));
  });

  it('are not held up by the lock of a process that was killed in the middle', async () => {
    await migrateDown(fresh.db);
    await fresh.db('knex_migrations_lock').update({ is_locked: 1 });
    await migrate(fresh.db);
    expect(await isMigrated(fresh.db)).to.equal(true);
  });

  it('refuse a database of a newer version, in plain words', async () => {
    await fresh.db('knex_migrations').insert({ name: '99-later', batch: 2, migration_time: new Date() });
    const problem = await migrate(fresh.db).catch((error: Error) => error.message);
    expect(problem).to.contain('newer version').and.contain('99-later');
  });
});
