import { expect } from 'chai';
import { type Database, openDatabase, urlOf } from '../../app/storage/database.ts';
import { isMigrated, migrate, migrateDown } from '../../app/storage/migrate.ts';
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
