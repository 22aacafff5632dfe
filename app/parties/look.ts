import type { Knex } from 'knex';
import type { ErpConnection } from '../../connectors/connector.ts';
import type { Keyring } from '../storage/keyring.ts';
import { isRefusal } from './read.ts';
import { fingerprintOf } from './secret.ts';
import { type PartyScope, storeParties } from './store.ts';

export interface PartyLook {
  /** How often the vendor's payment data have changed, this look included. */
  version: number;
  /** This look found them to be others than when they were last read. */
  changedNow: boolean;
}

/**
 * A vendor's payment data as they are at this moment, before money is decided about. Null where nothing was known of
 * them: then no card said anything that could have become wrong. Throws RetryableError where the ERP does not answer.
 */
export async function lookAtParty(
  { db, keyring }: { db: Knex; keyring: Keyring },
  scope: PartyScope,
  erp: ErpConnection,
  code: string,
  signal: AbortSignal,
): Promise<PartyLook | null> {
  if (!erp.party) return null;
  const row = () => db('parties').where({ connection_id: scope.connectionId, code }).first('version');
  const before = await row();
  if (!before) return null;
  try {
    const party = await erp.party(code, signal);
    if (party) {
      const fingerprint = await fingerprintOf(db, keyring, scope.connectionId);
      await db.transaction((trx) => storeParties(trx, scope, [party], fingerprint));
    }
  } catch (error) {
    // What may not be read any more is no reason to keep people from deciding.
    if (!isRefusal(error)) throw error;
  }
  const version = Number((await row())?.version ?? before.version);
  return { version, changedNow: version !== Number(before.version) };
}
