import { createLog } from '../app/log.ts';
import { loadEnvFile, readStorageSettings, type StorageSettings } from '../app/settings.ts';
import type { Database } from '../app/storage/database.ts';
import { createKeyring, type Keyring } from '../app/storage/keyring.ts';
import { openStorage } from '../app/storage/storage.ts';

/** A plain failure that a command ends with; its message is all that is shown. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface Context {
  settings: StorageSettings;
  db: Database;
  keyring: Keyring;
}

/** Runs `work` with the database open (the running app's, where one runs) and closes it, also when interrupted. */
export async function withDatabase<T>(work: (context: Context) => Promise<T>): Promise<T> {
  loadEnvFile();
  const settings = readStorageSettings(process.env);
  const keyring = createKeyring(settings.encryptionKeys);
  const log = createLog({ level: 'warn', format: 'text', stream: process.stderr });
  const storage = await openStorage(settings, log, {
    share: true,
    max: 4,
    applicationName: 'countersign command line',
  });
  const interrupted = () => void storage.stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await work({ settings, db: storage.db, keyring });
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await storage.stop();
  }
}

/** One line on standard output. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}
