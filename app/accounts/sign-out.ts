import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { Connector } from '../../connectors/connector.ts';
import type { ConnectionPool } from '../connections/open.ts';
import { accountState, sealedState } from '../connections/sealed.ts';
import type { ErpHttp } from '../outbound/http.ts';
import { leaseIsFree } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';
import { createHeldState } from '../setup/held-state.ts';
import type { Keyring } from '../storage/keyring.ts';
import { idleMs } from './accounts.ts';
import { type Farewell, farewellIdentity } from './farewells.ts';

export interface SignOutDeps {
  db: Knex;
  keyring: Keyring;
  connections: ConnectionPool;
  connectorById: (id: string) => Connector | undefined;
  http: ErpHttp;
  log: Logger;
}

const timeoutMs = 20_000;
const busyMs = 5_000;
/** After so many tries it is left to the ERP, which ends a session after an hour. */
const triesMost = 5;

/** The `sign-out` task: closes a session that nobody needs any more. `account/<id>` or `farewell/<id>`. */
export async function signOut(deps: SignOutDeps, id: string): Promise<void> {
  const [what, row = ''] = id.split('/');
  const run = what === 'account' ? signOutAccount : what === 'farewell' ? sayFarewell : undefined;
  const table = what === 'account' ? 'erp_accounts' : 'erp_farewells';
  if (!run) return;
  try {
    const waitMs = await run(deps, row, AbortSignal.timeout(timeoutMs));
    if (waitMs > 0) await wake(deps.db, 'sign-out', id, waitMs);
  } catch (error) {
    const [tried] = await deps.db(table).where({ id: row }).increment('attempts', 1).returning('attempts');
    deps.log.warn('session not closed', { session: id, attempts: tried?.attempts, error });
    if (!tried) return;
    if (tried.attempts < triesMost) await wake(deps.db, 'sign-out', id, 10_000 * 2 ** tried.attempts);
    else if (what === 'farewell') await deps.db(table).where({ id: row }).delete();
    else await endAccountSession(deps.db, row);
  }
}

async function endAccountSession(db: Knex, id: string): Promise<void> {
  await db('erp_accounts').where({ id }).whereNotNull('unlinked_at').delete();
  await db('erp_accounts').where({ id }).update({ session_since: null, attempts: 0 });
}

/** Holds the row meanwhile, so that nobody begins to act in the session that is being closed. */
function signOutAccount({ db, keyring, connections }: SignOutDeps, id: string, signal: AbortSignal): Promise<number> {
  return db.transaction(async (trx) => {
    const row = await trx('erp_accounts')
      .where({ id })
      .forNoKeyUpdate()
      .first('*', trx.raw('extract(epoch from clock_timestamp() - used_at) * 1000 as idle_ms'));
    if (!row || (!row.session_since && !row.unlinked_at)) return 0;
    const acting = await trx('decisions as x')
      .join('documents as d', 'd.id', 'x.document_id')
      .where({ 'x.person': row.person, 'x.state': 'acting', 'd.connection_id': row.connection_id })
      .first('x.id');
    if (acting) return busyMs;
    const leftMs = row.unlinked_at ? 0 : Math.ceil(idleMs - Number(row.idle_ms));
    if (leftMs > 0) return leftMs;
    if (row.session_since) {
      const { erp } = await connections.open(row.connection_id);
      await erp.signOut?.(signal, sealedState(trx, keyring, accountState, id));
    }
    await endAccountSession(trx, id);
    return 0;
  });
}

async function sayFarewell(deps: SignOutDeps, id: string, signal: AbortSignal): Promise<number> {
  const { db, keyring, connections } = deps;
  const row = await db('erp_farewells as f')
    .join('connections as n', 'n.id', 'f.connection_id')
    .where('f.id', id)
    .first('f.connection_id', 'f.sealed', 'n.connector', 'n.status');
  if (!row) return 0;
  if (row.sealed) {
    const left = JSON.parse(keyring.decrypt(row.sealed, farewellIdentity(id))) as Farewell;
    await closeWith(deps, row.connector, left, signal);
  } else if (row.status === 'paused') {
    if (await isBusy(db, row.connection_id)) return busyMs;
    const { erp } = await connections.open(row.connection_id);
    await erp.signOut?.(signal);
  }
  await db('erp_farewells').where({ id }).delete();
  return 0;
}

async function closeWith(
  { connectorById, http }: SignOutDeps,
  connectorId: string,
  { settings, secrets, state }: Farewell,
  signal: AbortSignal,
): Promise<void> {
  const connector = connectorById(connectorId);
  const credentials = connector?.credentials.safeParse({ ...settings, ...secrets });
  if (!connector || !credentials?.success) return;
  const erp = connector.connect({
    credentials: credentials.data,
    http,
    state: createHeldState(state),
    now: () => Date.now(),
  });
  await erp.signOut?.(signal);
  await erp.close();
}

/** Whether a reading or a decision that began before the pause is still going on: it would sign in again. */
async function isBusy(db: Knex, connectionId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: [{ busy: boolean }] }>(
    `select exists (select 1 from feeds where connection_id = :connectionId and lease_owner is not null and not ${leaseIsFree('lease_owner')})
       or exists (select 1 from decisions x join documents d on d.id = x.document_id
                  where d.connection_id = :connectionId and x.state = 'acting') as busy`,
    { connectionId },
  );
  return rows[0].busy;
}

/** Gives back every seat that this app holds, when its last process stops. */
export async function signOutAll({ db, keyring, connections }: SignOutDeps, signal: AbortSignal): Promise<void> {
  const open = await db('erp_accounts').whereNotNull('session_since').select('id', 'connection_id');
  await Promise.allSettled([
    connections.signOut(signal),
    ...open.map(async ({ id, connection_id }) => {
      const { erp } = await connections.open(connection_id);
      await erp.signOut?.(signal, sealedState(db, keyring, accountState, id));
      await endAccountSession(db, id);
    }),
  ]);
}
