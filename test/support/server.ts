import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLog } from '../../app/log.ts';
import { openDatabase } from '../../app/storage/database.ts';
import { startEmbeddedPostgres } from '../../app/storage/embedded-postgres.ts';
import { migrate } from '../../app/storage/migrate.ts';

export const template = 'countersign_template';
const prefix = 'countersign-test-';
const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
/** Tells the processes of a run where its server is. */
const sharedUrl = 'COUNTERSIGN_TEST_SERVER';
let started: Promise<TestServer> | null = null;

export interface TestServer {
  /** The address of a database on the run's server. */
  urlOf(database: string): string;
  /** Runs one statement on the maintenance database. */
  admin(sql: string): Promise<void>;
  stop(): Promise<void>;
}

/** The one PostgreSQL of a test run, started when the first case asks for it, with a migrated template. */
export function testServer(): Promise<TestServer> {
  const shared = process.env[sharedUrl];
  started ??= shared === undefined ? start() : Promise.resolve(use(shared));
  return started;
}

/** Starts the server for this process and for those that it starts from now on. */
export async function shareTestServer(): Promise<void> {
  const server = await testServer();
  process.env[sharedUrl] = server.urlOf('postgres');
}

export async function stopTestServer(): Promise<void> {
  await started?.then((server) => server.stop());
  started = null;
}

async function start(): Promise<TestServer> {
  await sweepAway();
  const dataDir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await chmod(dataDir, 0o711);
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };
  const server = await startEmbeddedPostgres({ dataDir, log, settings });
  const { urlOf, admin, stop: leave } = use(server.url);
  await admin(`create database ${template}`);
  const empty = openDatabase(urlOf(template), { max: 2 });
  await migrate(empty);
  await empty.destroy();
  const stop = async () => {
    await leave();
    await server.stop();
    await remove(dataDir);
  };
  return { urlOf, admin, stop };
}

/** A server that runs, by the address of any of its databases. */
function use(url: string): TestServer {
  const urlOf = (database: string) => url.replace(/[^/]+$/, database);
  const maintenance = openDatabase(urlOf('postgres'), { max: 2, applicationName: 'tests' });
  return {
    urlOf,
    async admin(sql) {
      await maintenance.raw(sql);
    },
    stop: () => maintenance.destroy(),
  };
}

async function remove(dataDir: string): Promise<void> {
  const elsewhere = await readFile(join(dataDir, 'postgres.location'), 'utf8').catch(() => null);
  if (elsewhere) await rm(dirname(elsewhere.trim()), { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

/** Servers of runs that were killed. */
async function sweepAway(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]);
    if (!pid || alive(pid)) continue;
    const dataDir = join(tmpdir(), name);
    const left = await startEmbeddedPostgres({ dataDir, log, waitMs: 0 }).catch(() => null);
    await left?.stop();
    if (left) await remove(dataDir);
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
