import knex, { type Knex } from 'knex';
import pg from 'pg';

/** PostgreSQL through knex. bigint and numeric arrive as text, `date` as `YYYY-MM-DD`, jsonb parsed, timestamps as Date. */
export type Database = Knex;

export interface DatabaseOptions {
  /** Connections at most; default 10. */
  max?: number;
  /** Shown in pg_stat_activity; default `countersign`. */
  applicationName?: string;
}

const dateType = 1082;
const quiet = () => {};

/** Connection settings for `pg` of which the app's connections are all made: dates stay text, dead peers are noticed. */
export function connectionConfig(url: string, applicationName = 'countersign'): pg.ClientConfig {
  const types = new pg.TypeOverrides();
  types.setTypeParser(dateType, (text: string) => text);
  return {
    connectionString: url,
    application_name: applicationName,
    types,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  };
}

/**
 * Opens a pool; nothing is connected yet. A server that goes away fails the queries under way and no more: the next
 * query connects again. Errors name the statement without its values.
 */
export function openDatabase(url: string, { max = 10, applicationName }: DatabaseOptions = {}): Database {
  const config: Knex.Config & { userParams: { url: string } } = {
    client: 'pg',
    connection: () => connectionConfig(url, applicationName) as Knex.PgConnectionConfig,
    pool: { min: 0, max, idleTimeoutMillis: 60_000 },
    acquireConnectionTimeout: 20_000,
    compileSqlOnError: false,
    // knex prints what it also throws.
    log: { warn: quiet, error: quiet, debug: quiet, deprecate: quiet },
    userParams: { url },
  };
  return knex(config);
}

/** The address that `db` was opened with. */
export function urlOf(db: Database): string {
  return (db.userParams as { url: string }).url;
}
