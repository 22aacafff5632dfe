import { type Database, openDatabase } from '../../app/storage/database.ts';
import { createKeyring, type Keyring } from '../../app/storage/keyring.ts';
import { template, testServer } from './server.ts';

export interface FreshDatabase {
  url: string;
  db: Database;
  drop(): Promise<void>;
}

let count = 0;

/** An empty, migrated database on the run's own PostgreSQL; `drop` it in `after` or `afterEach`. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = await testServer();
  count += 1;
  const name = `fresh_${process.pid}_${count}`;
  await server.admin(`create database ${name} template ${template}`);
  const url = server.urlOf(name);
  const db = openDatabase(url);
  return {
    url,
    db,
    drop: async () => {
      await db.destroy();
      await server.admin(`drop database ${name} with (force)`);
    },
  };
}

/** The ENCRYPTION_KEYS that tests use; not a secret. */
export const testKeys = `test:${Buffer.alloc(32, 7).toString('base64')}`;

export function testKeyring(): Keyring {
  return createKeyring(testKeys);
}
