import { createHmac, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Keyring } from '../storage/keyring.ts';
import type { Fingerprint } from './store.ts';

const identity = (connectionId: string) => `party_readings:${connectionId}:secret`;

/**
 * The fingerprints of a connection's payment data: keyed with a secret of its own, so that a dump of the database cannot
 * be searched for a known account, and the same vendor has another fingerprint in another connection.
 */
export async function fingerprintOf(db: Knex, keyring: Keyring, connectionId: string): Promise<Fingerprint> {
  const sealed = await secretOf(db, keyring, connectionId);
  const key = Buffer.from(keyring.decrypt(sealed, identity(connectionId)), 'base64');
  return (what, code, text) => {
    if (text === null) return null;
    // The code is part of it: two vendors with the same account do not look alike.
    return createHmac('sha256', key)
      .update(JSON.stringify([what, code, text]))
      .digest('base64url')
      .slice(0, 32);
  };
}

async function secretOf(db: Knex, keyring: Keyring, connectionId: string): Promise<string> {
  const readings = db('party_readings').where({ id: connectionId });
  const known = await readings.clone().first('secret');
  if (known) return known.secret;
  const secret = keyring.encrypt(randomBytes(32).toString('base64'), identity(connectionId));
  await db('party_readings').insert({ id: connectionId, secret }).onConflict('id').ignore();
  return (await readings.first('secret')).secret;
}
