import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLog } from '../../app/log.ts';
import { type Database, openDatabase } from '../../app/storage/database.ts';
import { startEmbeddedPostgres } from '../../app/storage/embedded-postgres.ts';
import { migrate } from '../../app/storage/migrate.ts';

export interface BenchDatabase {
  url: string;
  db: Database;
  stop(): Promise<void>;
}

export interface BenchServer {
  /** A new, migrated database. */
  fresh(): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

/** The embedded PostgreSQL with the settings that the app gives it: what is committed is on the disk. */
export async function startServer(): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  await chmod(dataDir, 0o711);
  const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
  const server = await startEmbeddedPostgres({ dataDir, log });
  const urlOf = (database: string) => server.url.replace(/[^/]+$/, database);
  const maintenance = openDatabase(urlOf('postgres'), { max: 2, applicationName: 'bench' });
  let count = 0;
  return {
    async fresh() {
      count += 1;
      const name = `bench_${count}`;
      await maintenance.raw(`create database ${name}`);
      const url = urlOf(name);
      const db = openDatabase(url, { max: 4, applicationName: 'bench' });
      await migrate(db);
      return {
        url,
        db,
        async stop() {
          await db.destroy();
          await maintenance.raw(`drop database ${name} with (force)`);
        },
      };
    },
    async stop() {
      await maintenance.destroy();
      await server.stop();
      const elsewhere = await readFile(join(dataDir, 'postgres.location'), 'utf8').catch(() => null);
      if (elsewhere) await rm(dirname(elsewhere.trim()), { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
