import type { Knex } from 'knex';
import type { Connector, ErpConnection, SharedState } from '../../connectors/connector.ts';
import { PermanentError, RetryableError } from '../domain/errors.ts';
import type { ErpHttp } from '../outbound/http.ts';
import { createPace, type Pace, type PaceFigures, pacedHttp } from '../outbound/pace.ts';
import type { Keyring } from '../storage/keyring.ts';

export interface ConnectionRow {
  id: string;
  installation_id: string;
  name: string;
  connector: string;
  time_zone: string;
  settings: Record<string, unknown>;
  secret: string;
  status: 'active' | 'paused' | 'broken';
  problem: string | null;
  updated_at: Date;
}

export interface OpenConnection {
  row: ConnectionRow;
  connector: Connector;
  erp: ErpConnection;
}

/** How much of its limits each connection uses in this process. */
export type PaceByConnection = Record<string, PaceFigures>;

export interface ConnectionPool {
  /** The connection with its credentials decrypted; opened anew when they changed. No request is made. */
  open(id: string): Promise<OpenConnection>;
  figures(): PaceByConnection;
  close(): Promise<void>;
}

/** Opens ERP connections and keeps them open, one a connection and process. */
export function createConnectionPool(deps: {
  db: Knex;
  keyring: Keyring;
  http: ErpHttp;
  connectorById: (id: string) => Connector | undefined;
  /** How many processes share the limits. */
  processes: () => number;
}): ConnectionPool {
  const opened = new Map<string, OpenConnection & { pace: Pace }>();
  return {
    async open(id) {
      const row = await deps.db<ConnectionRow>('connections').where({ id }).first();
      if (!row) throw new PermanentError('connection_gone', 'This connection no longer exists.');
      const known = opened.get(id);
      if (known && known.row.updated_at.getTime() === row.updated_at.getTime()) return { ...known, row };
      await known?.erp.close();
      const connector = deps.connectorById(row.connector);
      if (!connector) throw new PermanentError('no_connector', `This version has no connector "${row.connector}".`);
      const secret = JSON.parse(deps.keyring.decrypt(row.secret, `connections:${id}:secret`)) as object;
      const credentials = connector.credentials.parse({ ...row.settings, ...secret });
      const limits = connector.limits?.(credentials) ?? { requestsPerMinute: null, parallelRequests: null };
      const pace = createPace(limits, deps.processes);
      const erp = connector.connect({
        credentials,
        http: pacedHttp(deps.http, pace),
        state: sharedState(deps.db, deps.keyring, row),
        now: () => Date.now(),
      });
      const connection = { row, connector, erp, pace };
      opened.set(id, connection);
      return connection;
    },
    figures: () => Object.fromEntries([...opened].map(([id, { pace }]) => [id, pace.figures()])),
    async close() {
      await Promise.allSettled([...opened.values()].map(({ erp }) => erp.close()));
      opened.clear();
    },
  };
}

/**
 * Tokens and the site's profile, encrypted in the connection's row; a change holds the row, so it happens once. Who still
 * works with credentials that have been replaced meanwhile leaves the state of the new ones alone.
 */
function sharedState(db: Knex, keyring: Keyring, { id, updated_at: openedAs }: ConnectionRow): SharedState {
  const identity = `connections:${id}:shared_state`;
  const decode = (sealed: string | null) =>
    sealed === null ? null : (JSON.parse(keyring.decrypt(sealed, identity)) as Record<string, unknown>);
  return {
    async read() {
      const row = await db('connections').where({ id }).first('shared_state');
      return decode(row?.shared_state ?? null);
    },
    change: (next) =>
      db.transaction(async (trx) => {
        // "no key update" leaves documents free to refer to the row meanwhile.
        const row = await trx('connections').where({ id }).forNoKeyUpdate().first('shared_state', 'updated_at');
        if (row && row.updated_at.getTime() !== openedAs.getTime())
          throw new RetryableError('This connection was set up anew meanwhile; the next try uses what it is now.');
        const state = await next(decode(row?.shared_state ?? null));
        const sealed = state === null ? null : keyring.encrypt(JSON.stringify(state), identity);
        await trx('connections').where({ id }).update({ shared_state: sealed });
        return state;
      }),
  };
}
