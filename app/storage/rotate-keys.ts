import type { Database } from './database.ts';
import { type Keyring, KeyringError } from './keyring.ts';

/** Every encrypted column; the identity of a value is `<table>:<id>:<column>`. */
const columns = [
  ['installations', 'secret'],
  ['connections', 'secret'],
  ['connections', 'shared_state'],
  ['push_endpoints', 'secret'],
  ['party_readings', 'secret'],
  ['setup_drafts', 'payload'],
  ['erp_accounts', 'state'],
  ['erp_farewells', 'sealed'],
] as const;

export interface Rotation {
  /** Values that were encrypted anew. */
  rotated: number;
  /** How many values use each key now. */
  byKey: Record<string, number>;
  /** One plain line for each value that could not be opened. */
  problems: string[];
}

/**
 * Encrypts every stored secret with the first key, each row in a transaction of its own: it can be stopped and started
 * again at any time, and the app runs meanwhile.
 */
export async function rotateKeys(db: Database, keyring: Keyring): Promise<Rotation> {
  const rotation: Rotation = { rotated: 0, byKey: {}, problems: [] };
  for (const [table, column] of columns) {
    const rows = await db(table).whereNotNull(column).orderBy('id').select('id');
    for (const { id } of rows) {
      const keyId = await rotateOne(db, keyring, { table, column, id }, rotation);
      if (keyId) rotation.byKey[keyId] = (rotation.byKey[keyId] ?? 0) + 1;
    }
  }
  return rotation;
}

type Place = { table: string; column: string; id: string };

function rotateOne(db: Database, keyring: Keyring, { table, column, id }: Place, rotation: Rotation) {
  return db.transaction(async (trx) => {
    const row = await trx(table).where({ id }).whereNotNull(column).forNoKeyUpdate().first(column);
    const sealed = row?.[column] as string | undefined;
    if (!sealed) return null;
    try {
      const keyId = keyring.keyIdOf(sealed);
      if (keyId === keyring.currentKeyId) return keyId;
      const identity = `${table}:${id}:${column}`;
      const renewed = keyring.encrypt(keyring.decrypt(sealed, identity), identity);
      await trx(table)
        .where({ id })
        .update({ [column]: renewed });
      rotation.rotated += 1;
      return keyring.currentKeyId;
    } catch (error) {
      if (!(error instanceof KeyringError)) throw error;
      rotation.problems.push(`${table} ${id}, ${column}: ${error.message}`);
      return /^v1:([^:]+):/.exec(sealed)?.[1] ?? 'unreadable';
    }
  });
}
