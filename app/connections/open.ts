import type { Knex } from 'knex';
import type { Connector, ErpConnection } from '../../connectors/connector.ts';
import { type DocumentKind, documentKinds } from '../domain/document.ts';
import { PermanentError } from '../domain/errors.ts';
import { createMeter } from '../metering/meter.ts';
import type { ErpHttp } from '../outbound/http.ts';
import { createPace, type Pace, type PaceFigures, pacedHttp } from '../outbound/pace.ts';
import type { Keyring } from '../storage/keyring.ts';
import { type FieldsByKind, wantedFields } from './custom-fields.ts';
import { connectionState, credentialsOf, sealedState } from './sealed.ts';

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

/** Which kinds of documents this ERP releases by an act of their own. */
export function releasedApart({ feeds }: Pick<Connector, 'feeds'>): ReadonlySet<DocumentKind> {
  return new Set(documentKinds.filter((kind) => feeds[kind]?.releasedApart));
}

/** How much of its limits each connection uses in this process. */
export type PaceByConnection = Record<string, PaceFigures>;

export interface ConnectionPool {
  /** The connection with its credentials decrypted; opened anew when they changed. No request is made. */
  open(id: string): Promise<OpenConnection>;
  figures(): PaceByConnection;
  /** Gives back the seats of all that is open here. For the last process to stop: the sessions are everybody's. */
  signOut(signal: AbortSignal): Promise<void>;
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
  /** By connection and kind, as the routes were when it was opened last. */
  const customFields = new Map<string, FieldsByKind>();
  const pool: ConnectionPool = {
    async open(id) {
      const found = await deps.db<ConnectionRow>('connections').where({ id }).first('*', wantedFields(deps.db));
      if (!found) throw new PermanentError('connection_gone', 'This connection no longer exists.');
      const { wanted_fields: wanted, ...row } = found as ConnectionRow & { wanted_fields: FieldsByKind | null };
      customFields.set(id, wanted ?? {});
      const known = opened.get(id);
      if (known && known.row.updated_at.getTime() === row.updated_at.getTime()) return { ...known, row };
      await known?.erp.close();
      const connector = deps.connectorById(row.connector);
      if (!connector) throw new PermanentError('no_connector', `This version has no connector "${row.connector}".`);
      const credentials = credentialsOf(deps.keyring, connector, row);
      const limits = connector.limits?.(credentials) ?? { requestsPerMinute: null, parallelRequests: null };
      const pace = createPace(limits, deps.processes);
      const budget = connector.budget?.(row.settings);
      const erp = connector.connect({
        credentials,
        http: pacedHttp(deps.http, pace),
        state: sealedState(deps.db, deps.keyring, connectionState, id, row.updated_at),
        now: () => Date.now(),
        customFields: (kind) => customFields.get(id)?.[kind] ?? [],
        ...(budget ? { meter: createMeter(deps.db, row, budget) } : {}),
      });
      const connection = { row, connector, erp, pace };
      opened.set(id, connection);
      return connection;
    },
    figures: () => Object.fromEntries([...opened].map(([id, { pace }]) => [id, pace.figures()])),
    async signOut(signal) {
      await Promise.allSettled([...opened.keys()].map(async (id) => (await pool.open(id)).erp.signOut?.(signal)));
    },
    async close() {
      await Promise.allSettled([...opened.values()].map(({ erp }) => erp.close()));
      opened.clear();
    },
  };
  return pool;
}
