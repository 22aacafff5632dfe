import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { connectionState, identityOf } from '../connections/sealed.ts';
import { wake } from '../queue/wake.ts';
import { type Keyring, KeyringError } from '../storage/keyring.ts';

export const farewellIdentity = (id: string) => `erp_farewells:${id}:sealed`;

/** What a session can be closed with once its connection has other credentials. */
export interface Farewell {
  settings: Record<string, unknown>;
  secrets: Record<string, unknown>;
  state: Record<string, unknown>;
}

/** Has the session of a connection that was paused closed, so that its seat is free while nothing is read. */
export async function endPausedSession(db: Knex, connectionId: string): Promise<void> {
  await addFarewell(db, connectionId, null);
}

/**
 * Has the session closed that a connection has now; to be called before its credentials are changed, in the same
 * transaction. Without it the seat would be taken until the ERP ends the session by itself.
 */
export async function leaveSession(trx: Knex.Transaction, keyring: Keyring, connectionId: string): Promise<void> {
  const row = await trx('connections').where({ id: connectionId }).first('settings', 'secret', 'shared_state');
  if (!row?.shared_state) return;
  try {
    const farewell: Farewell = {
      settings: row.settings,
      secrets: JSON.parse(keyring.decrypt(row.secret, `connections:${connectionId}:secret`)),
      state: JSON.parse(keyring.decrypt(row.shared_state, identityOf(connectionState, connectionId))),
    };
    await addFarewell(trx, connectionId, (id) => keyring.encrypt(JSON.stringify(farewell), farewellIdentity(id)));
  } catch (error) {
    // What cannot be opened cannot be closed either.
    if (!(error instanceof KeyringError)) throw error;
  }
}

async function addFarewell(db: Knex, connectionId: string, seal: ((id: string) => string) | null): Promise<void> {
  const id = randomUUID();
  await db('erp_farewells').insert({ id, connection_id: connectionId, sealed: seal?.(id) ?? null });
  await wake(db, 'sign-out', `farewell/${id}`);
}
