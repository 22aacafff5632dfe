import type { Knex } from 'knex';
import type { Connector } from '../../connectors/connector.ts';
import { type CurrentSetup, secretOf, sharedStateOf } from '../connections/apply/plan-connection.ts';
import { type Keyring, KeyringError } from '../storage/keyring.ts';

/** A connection as it is stored, with what a form and a save need of it. */
export interface StoredConnection extends CurrentSetup {
  connector: string;
  /** Counted by the database with each change of what is set up. */
  version: number;
  sharedState: string | null;
}

/** Null where the installation has no such connection. With `lock` nobody else changes it within the transaction. */
export async function readStored(
  db: Knex,
  { installationId, id }: { installationId: string; id: string },
  { lock = false } = {},
): Promise<StoredConnection | null> {
  const query = db('connections').where({ id, installation_id: installationId });
  const row = await (lock ? query.forNoKeyUpdate() : query).first(
    ...[
      'id',
      'name',
      'connector',
      'time_zone',
      'settings',
      'secret',
      'status',
      'version',
      'shared_state as sharedState',
    ],
  );
  if (!row) return null;
  const feeds = await db('feeds').where({ connection_id: id }).orderBy('id').select('id', 'kind', 'cadence');
  return { ...row, feeds };
}

/** The stored secrets by field; none where their key is gone, so that they are entered anew. */
export function openSecrets(keyring: Keyring, { id, secret }: StoredConnection): Record<string, unknown> {
  return opened(() => JSON.parse(keyring.decrypt(secret, secretOf(id)))) ?? {};
}

/** What the sessions of a connection need to be ended; null where there is none that could be. */
export function openSession(keyring: Keyring, connector: Connector, stored: StoredConnection) {
  const { id, sharedState } = stored;
  if (sharedState === null) return null;
  const state = opened(() => JSON.parse(keyring.decrypt(sharedState, sharedStateOf(id))) as Record<string, unknown>);
  const credentials = connector.credentials.safeParse({ ...stored.settings, ...openSecrets(keyring, stored) });
  return state && credentials.success ? { subject: { connector, credentials: credentials.data }, state } : null;
}

function opened<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof KeyringError) return null;
    throw error;
  }
}
