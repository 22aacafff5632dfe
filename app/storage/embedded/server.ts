import { spawn } from 'node:child_process';
import { open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, superuser } from './cluster.ts';
import { isAlive } from './process.ts';
import { runBinary, spawnOptions } from './run-binary.ts';

export interface RunningServer {
  pid: number;
  port: number;
}

const startsWithinMs = 120_000;
const logLimitBytes = 10_000_000;

export function serverUrl(password: string, port: number, database: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
}

/** A connection to the maintenance database; the caller ends it. */
export async function connectTo(password: string, port: number, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: serverUrl(password, port, 'postgres'),
    application_name: applicationName,
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** A server's working folder is its cluster; the number in a stale lock file may long be another program's. */
async function runsHere(pid: number, folder: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  if (process.platform !== 'linux') return true;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return cwd === (await realpath(folder));
}

/** The server that runs on `folder`, once it answers; null when none does. A stale lock file is taken away. */
export async function findRunning(folder: string, password: string): Promise<RunningServer | null> {
  const lockFile = join(folder, 'postmaster.pid');
  const deadline = Date.now() + startsWithinMs;
  for (;;) {
    const [pidLine, , , portLine] = (await readFile(lockFile, 'utf8').catch(() => '')).split('\n');
    const [pid, port] = [Number(pidLine), Number(portLine)];
    if (!pid) return null;
    if (!(await runsHere(pid, folder))) {
      await rm(lockFile, { force: true });
      return null;
    }
    try {
      if (port) {
        await (await connectTo(password, port, 'countersign')).end();
        return { pid, port };
      }
    } catch (cause) {
      const refused = (cause as { code?: string }).code === '28P01';
      if (refused || Date.now() > deadline) {
        const why = refused ? 'does not accept the password of this data folder' : 'does not answer';
        throw new Error(`The PostgreSQL that runs on ${folder} (process ${pid}) ${why}.`, { cause });
      }
    }
    await sleep(50);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  jit: 'off',
  log_checkpoints: 'off',
  log_error_verbosity: 'terse',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

export interface StartOptions {
  wantedPort?: number;
  /** Settings of the server besides the usual ones, e.g. `{ fsync: 'off' }` for a throw-away. */
  settings?: Record<string, string>;
}

/** Reasons why a start failed that the next try may not meet: another process was first, or took the port. */
const passing =
  /lock file "postmaster.pid" already exists|pre-existing shared memory block|could not bind|could not create any TCP/;

/**
 * Starts the server in a process group of its own, so that a Ctrl-C meant for the app does not stop it first.
 * Resolves when it answers; null when it is worth trying again.
 */
export async function startServer(
  cluster: Cluster,
  { wantedPort, settings = {} }: StartOptions = {},
): Promise<RunningServer | null> {
  const { folder, password, logFile, user, binaries } = cluster;
  const port = wantedPort ?? (await freePort());
  const size = await stat(logFile).then(
    (file) => file.size,
    () => 0,
  );
  if (size > logLimitBytes) await rename(logFile, `${logFile}.1`);
  const log = await open(logFile, 'a', 0o600);
  const from = (await log.stat()).size;
  const flags = Object.entries({ ...serverSettings, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(binaries.postgres, ['-D', folder, '-p', String(port), ...flags], {
    ...spawnOptions(user),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let failed: Error | null = null;
  child.once('error', (error) => {
    failed = error;
  });
  child.once('exit', (code, signal) => {
    failed = new Error(`PostgreSQL ended with ${signal ?? `code ${code}`} while it started.`);
  });
  child.unref();
  await log.close();
  const deadline = Date.now() + startsWithinMs;
  while (!failed) {
    try {
      await (await connectTo(password, port, 'countersign')).end();
      if (child.pid && child.exitCode === null) return { pid: child.pid, port };
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL does not answer; its log is ${logFile}.`, { cause });
    }
    await sleep(20);
  }
  const printed = (await readFile(logFile, 'utf8').catch(() => '')).slice(from).slice(-2000);
  if (passing.test(printed)) return null;
  throw new Error(`PostgreSQL did not start on ${folder}. Its log (${logFile}) ends with:\n${printed.trim()}`, {
    cause: failed,
  });
}

/** Stops the server cleanly: sessions end, what is committed is on disk. */
export async function stopServer({ folder, binaries, user }: Cluster, { pid }: RunningServer): Promise<void> {
  const stop = (mode: string) => runBinary(binaries.pgCtl, ['stop', '-D', folder, '-m', mode, '-w', '-t', '60'], user);
  try {
    await stop('fast');
  } catch (error) {
    if (await runsHere(pid, folder)) await stop('immediate').catch(() => Promise.reject(error));
  }
}
