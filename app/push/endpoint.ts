import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { Keyring } from '../storage/keyring.ts';

interface Subject {
  installationId: string;
  connectionId: string;
  /** Who asked for it. */
  actor: string;
}

/** Where an ERP may push to, as far as anybody may see it. */
export interface PushState {
  createdAt: Date;
  lastPushAt: Date | null;
  problem: string | null;
}

const identity = (connectionId: string) => `push_endpoints:${connectionId}:secret`;

/** Where the notices of one kind of document go; `publicUrl` is the app's own address. */
export function pushAddress(publicUrl: string, connectionId: string, kind: string): string {
  return `${publicUrl}/erp/push/${connectionId}?kind=${kind}`;
}

/**
 * Makes the secret of a connection's pushes, or a new one, unless the ERP has made it (`given`): from this moment the old
 * one is refused. It is returned here and nowhere else. Undefined where the connection is none of this installation.
 */
export function renewPushSecret(
  db: Knex,
  keyring: Keyring,
  { installationId, connectionId, actor }: Subject,
  given?: string,
): Promise<string | undefined> {
  const secret = given ?? randomBytes(32).toString('base64url');
  return db.transaction(async (trx) => {
    const row = await trx('connections').where({ id: connectionId, installation_id: installationId }).first('name');
    if (!row) return undefined;
    const sealed = keyring.encrypt(secret, identity(connectionId));
    const [{ renewed }] = (
      await trx.raw<{ rows: [{ renewed: boolean }] }>(
        `insert into push_endpoints (id, secret, created_by) values (:connectionId, :sealed, :actor)
         on conflict (id) do update set secret = excluded.secret, created_by = excluded.created_by,
           created_at = clock_timestamp(), problem = null
         returning xmax <> 0 as renewed`,
        { connectionId, sealed, actor },
      )
    ).rows;
    // The ERP goes on with the old one until somebody types in the new: until a push comes again, polling is all there is.
    if (renewed) await trx('feeds').where({ connection_id: connectionId }).update({ push_trusted_until: null });
    const words = `${renewed ? 'replace the push secret of' : 'take pushes for'} connection ${row.name}`;
    const kind = renewed ? 'connection.push_renewed' : 'connection.push_added';
    await recordEvents(trx, [{ kind, installationId, connectionId, actor, data: { changes: [words] } }]);
    return secret;
  });
}

/** Takes no pushes for the connection any more; it is read at its full cadence again. */
export function endPushes(db: Knex, { installationId, connectionId, actor }: Subject): Promise<boolean> {
  return db.transaction(async (trx) => {
    const row = await trx('connections').where({ id: connectionId, installation_id: installationId }).first('name');
    if (!row || (await trx('push_endpoints').where({ id: connectionId }).delete()) === 0) return false;
    await trx('feeds').where({ connection_id: connectionId }).update({ push_trusted_until: null });
    const data = { changes: [`take no pushes for connection ${row.name}`] };
    await recordEvents(trx, [{ kind: 'connection.push_removed', installationId, connectionId, actor, data }]);
    return true;
  });
}

export async function readPushState(db: Knex, connectionId: string): Promise<PushState | undefined> {
  const row = await db('push_endpoints').where({ id: connectionId }).first();
  return row && { createdAt: row.created_at, lastPushAt: row.last_push_at, problem: row.problem };
}

/** A connection that takes pushes, found by who knows its secret. */
export interface PushSource {
  connectionId: string;
  connector: string;
  settings: Record<string, unknown>;
  isActive: boolean;
}

/**
 * The connection, where `proves` finds that the request is of who knows its secret (told which connector it is of);
 * undefined for a wrong secret, an unknown connection and one without pushes alike, so that an answer tells nobody which
 * it was.
 */
export async function findPushSource(
  db: Knex,
  keyring: Keyring,
  connectionId: string,
  proves: (connector: string | null, secret: string) => boolean,
): Promise<PushSource | undefined> {
  const row = /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(connectionId)
    ? await db('push_endpoints as p')
        .join('connections as n', 'n.id', 'p.id')
        .join('installations as i', 'i.id', 'n.installation_id')
        .where('p.id', connectionId)
        .first('p.secret', 'n.connector', 'n.settings', 'n.status', 'i.state')
    : undefined;
  const secret = row ? keyring.decrypt(row.secret, identity(connectionId)) : '';
  const isRight = proves(row?.connector ?? null, secret);
  if (!row || secret === '' || !isRight) return undefined;
  const isActive = row.status !== 'paused' && row.state === 'active';
  return { connectionId, connector: row.connector, settings: row.settings, isActive };
}
