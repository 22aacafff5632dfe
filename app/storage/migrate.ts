import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { migrationSource } from '../../migrations/index.ts';
import { connectionConfig, type Database, urlOf } from './database.ts';

const config = { migrationSource };
const lockKey = 'countersign migrations';

/**
 * Brings the database to this version, the job queue's own tables included. Any number of processes may call it at
 * once. knex's own lock row stays behind when a process is killed; PostgreSQL's advisory lock does not, so the row is
 * freed by whoever holds that.
 */
export async function migrate(db: Database): Promise<void> {
  await alone(db, async (pool) => {
    await refuseNewer(db);
    await db.migrate.forceFreeMigrationsLock(config);
    await db.migrate.latest(config);
    await runMigrations({ pgPool: pool, noHandleSignals: true });
  });
}

/** Whether every step of this version has been taken; asks only, so that a read-only role may call it. */
export async function isMigrated(db: Database): Promise<boolean> {
  if (!(await db.schema.hasTable('knex_migrations'))) return false;
  await refuseNewer(db);
  const [steps, done] = await Promise.all([migrationSource.getMigrations([]), db('knex_migrations').select('name')]);
  return steps.every((step) => done.some(({ name }) => name === step));
}

/** Takes everything back to an empty database. All data is lost. */
export async function migrateDown(db: Database): Promise<void> {
  await alone(db, async () => {
    await db.migrate.forceFreeMigrationsLock(config);
    await db.migrate.rollback(config, true);
    await db.raw('drop schema if exists graphile_worker cascade');
  });
}

async function alone(db: Database, work: (pool: pg.Pool) => Promise<void>): Promise<void> {
  const pool = new pg.Pool({ ...connectionConfig(urlOf(db), 'countersign migrations'), max: 3 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [lockKey]);
    await work(pool);
    await client.query('select pg_advisory_unlock(hashtext($1))', [lockKey]);
  } finally {
    client.release(true);
    await pool.end();
  }
}

async function refuseNewer(db: Database): Promise<void> {
  if (!(await db.schema.hasTable('knex_migrations'))) return;
  const known = new Set(await migrationSource.getMigrations([]));
  const done = await db('knex_migrations').select<{ name: string }[]>('name');
  const unknown = done.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (unknown.length > 0) {
    throw new Error(
      `The database is of a newer version of Countersign (it has ${unknown.join(', ')}). Start that version, or restore a backup of this one's.`,
    );
  }
}
