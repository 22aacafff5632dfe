import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from '../log.ts';
import { type Cluster, findCluster, openCluster } from './embedded/cluster.ts';
import { connectTo, findRunning, type RunningServer, serverUrl, startServer, stopServer } from './embedded/server.ts';

export interface EmbeddedPostgres {
  url: string;
  /** Stops the server; end the pools first. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log: Logger;
  /** How long to wait for another process to let go of the folder; default 10,000 ms. */
  waitMs?: number;
  /** Settings of the server besides the usual ones, e.g. `{ fsync: 'off' }` for a throw-away. */
  settings?: Record<string, string>;
}

const database = 'countersign';
const ownerLock = 'countersign owner';

/** Another process owns the server of this data folder; `url` is where that server is. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly url: string;
  constructor(dataDir: string, owner: string, url: string) {
    super(
      `The data folder ${dataDir} is in use by ${owner}. Stop that one first; to run several, give them one PostgreSQL by DATABASE_URL.`,
    );
    this.url = url;
  }
}

/** The address of the server that another process runs on this data folder; null when none runs. */
export async function connectToRunning(dataDir: string): Promise<{ url: string } | null> {
  const cluster = await findCluster(dataDir);
  const running = cluster && (await findRunning(cluster.folder, cluster.password));
  return running ? { url: serverUrl(cluster.password, running.port, database) } : null;
}

/**
 * Runs PostgreSQL on a data folder for this process. A server left behind by a killed process is adopted; one that dies
 * is started again on the same port. Who owns the server is a lock held by a session on it, so a killed owner is none.
 */
export async function startEmbeddedPostgres({
  dataDir,
  log,
  waitMs = 10_000,
  settings = {},
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(dataDir, log);
  const deadline = Date.now() + waitMs;
  for (;;) {
    const running = await findRunning(cluster.folder, cluster.password);
    const server = running ?? (await startServer(cluster, { settings }));
    const session = server && (await own(cluster, server));
    if (server && session) {
      log.info(running ? 'Took over the running PostgreSQL.' : 'Started PostgreSQL.', {
        ...server,
        folder: cluster.folder,
      });
      return supervise(cluster, server, session, { log, settings });
    }
    if (server && Date.now() > deadline) {
      const owner = await ownerOf(cluster, server);
      throw new DataFolderInUseError(dataDir, owner, serverUrl(cluster.password, server.port, database));
    }
    await sleep(100);
  }
}

async function own({ password }: Cluster, { port }: RunningServer): Promise<pg.Client | null> {
  const session = await connectTo(password, port, `${ownerLock} ${process.pid}`);
  const got = await session.query('select pg_try_advisory_lock(hashtext($1)) as owned', [ownerLock]);
  if (got.rows[0]?.owned !== true) {
    await session.end();
    return null;
  }
  const there = await session.query('select 1 from pg_database where datname = $1', [database]);
  if (there.rowCount === 0) await session.query(`create database ${database}`);
  return session;
}

async function ownerOf({ password }: Cluster, { port }: RunningServer): Promise<string> {
  const session = await connectTo(password, port, 'countersign');
  const found = await session.query(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and a.application_name like $1`,
    [`${ownerLock} %`],
  );
  await session.end();
  const pid = String(found.rows[0]?.name ?? '').slice(ownerLock.length + 1);
  return pid ? `another Countersign (process ${pid})` : 'another Countersign';
}

function supervise(
  cluster: Cluster,
  first: RunningServer,
  session: pg.Client,
  { log, settings }: Required<Pick<EmbeddedOptions, 'log' | 'settings'>>,
): EmbeddedPostgres {
  let server = first;
  let owner = session;
  let stopped: Promise<void> | null = null;
  let recovery: Promise<void> = Promise.resolve();

  const watch = () =>
    owner.once('end', () => {
      if (!stopped) recovery = recover();
    });
  const recover = async () => {
    log.warn('PostgreSQL went away; bringing it back.', { folder: cluster.folder });
    while (!stopped) {
      try {
        const running =
          (await findRunning(cluster.folder, cluster.password)) ??
          (await startServer(cluster, { wantedPort: server.port, settings }));
        const again = running && (await own(cluster, running));
        if (running && again) {
          server = running;
          owner = again;
          watch();
          log.info('PostgreSQL is back.', { ...server });
          return;
        }
      } catch (error) {
        log.error('PostgreSQL could not be brought back; trying again.', { error });
      }
      await sleep(500);
    }
  };
  const stop = async () => {
    await recovery;
    await owner.end().catch(() => {});
    await stopServer(cluster, server);
    log.info('Stopped PostgreSQL.', { folder: cluster.folder });
  };

  watch();
  return {
    url: serverUrl(cluster.password, server.port, database),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
