import type { Logger } from '../log.ts';
import type { StorageSettings } from '../settings.ts';
import { type Database, openDatabase } from './database.ts';
import { DataFolderInUseError, startEmbeddedPostgres } from './embedded-postgres.ts';
import { isMigrated, migrate } from './migrate.ts';

export interface Storage {
  url: string;
  db: Database;
  /** Ends the pool, then the embedded server where this process runs one. */
  stop(): Promise<void>;
}

export interface StorageOptions {
  max?: number;
  applicationName?: string;
  /**
   * As the command line does: use the server of an app that runs on the same data folder, and leave a database that is
   * up to date as it is.
   */
  share?: boolean;
}

/** Opens the database that the settings name, or the embedded one, and brings it to this version. */
export async function openStorage(
  settings: Pick<StorageSettings, 'databaseUrl' | 'dataDir'>,
  log: Logger,
  { share = false, ...options }: StorageOptions = {},
): Promise<Storage> {
  const server = settings.databaseUrl
    ? { url: settings.databaseUrl, stop: async () => {} }
    : await embedded(settings.dataDir, log, share);
  const db = openDatabase(server.url, options);
  const stop = async () => {
    await db.destroy();
    await server.stop();
  };
  try {
    if (!(share && (await isMigrated(db)))) await migrate(db);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: server.url, db, stop };
}

async function embedded(dataDir: string, log: Logger, share: boolean) {
  try {
    return await startEmbeddedPostgres({ dataDir, log, ...(share ? { waitMs: 0 } : {}) });
  } catch (error) {
    if (share && error instanceof DataFolderInUseError) return { url: error.url, stop: async () => {} };
    throw error;
  }
}
