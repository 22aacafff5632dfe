import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, link, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Logger } from '../../log.ts';
import { type Binaries, findBinaries, openFolder } from './binaries.ts';
import { isAlive } from './process.ts';
import { runBinary } from './run-binary.ts';
import { closedFolder, type ServerUser, serverUser } from './server-user.ts';

/** A cluster on disk and what is needed to run it. */
export interface Cluster {
  dataDir: string;
  folder: string;
  password: string;
  logFile: string;
  user: ServerUser;
  binaries: Binaries;
}

export const superuser = 'countersign';
const exists = (path: string) => stat(path).then(Boolean, () => false);
const locationFile = (dataDir: string) => join(dataDir, 'postgres.location');
const passwordFile = (dataDir: string) => join(dataDir, 'postgres.password');

/** Where the cluster of a data folder is and its password; null where there is none yet. */
export async function findCluster(dataDir: string): Promise<{ folder: string; password: string } | null> {
  const elsewhere = await readFile(locationFile(dataDir), 'utf8').catch(() => null);
  const folder = elsewhere?.trim() || join(resolve(dataDir), 'postgres');
  if (!(await exists(folder))) return null;
  try {
    return { folder, password: (await readFile(passwordFile(dataDir), 'utf8')).trim() };
  } catch (cause) {
    throw new Error(
      `The database in ${folder} is there, but its password file ${passwordFile(dataDir)} cannot be read. Restore it, or run this as the user who started Countersign.`,
      { cause },
    );
  }
}

/** Makes the cluster on first use; `initdb` works in a folder of its own, so that a kill leaves nothing half made. */
export async function openCluster(givenDataDir: string, log: Logger): Promise<Cluster> {
  const made = await mkdir(givenDataDir, { recursive: true, mode: 0o711 });
  if (made) await chmod(givenDataDir, 0o711);
  const dataDir = await realpath(givenDataDir);
  const user = await serverUser(log);
  const binaries = await findBinaries(user, log);
  const found = await findCluster(dataDir);
  const folder = found?.folder ?? (await placeFor(dataDir, user, log));
  const closed = await closedFolder(dirname(folder), user);
  if (closed) {
    throw new Error(
      `The database is in ${folder}, but the user "postgres", which it runs as, may not enter ${closed}. Open that folder (chmod o+x), or move the data.`,
    );
  }
  const password = found?.password ?? (await keptPassword(dataDir));
  const cluster = { dataDir, folder, password, user, binaries, logFile: join(dataDir, 'postgres.log') };
  if (!found) await initialise(cluster, log);
  const major = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  if (major !== binaries.major) {
    throw new Error(
      `The database in ${folder} is of PostgreSQL ${major}; this version brings ${binaries.major}. Dump it with the old version and restore it into an empty DATA_DIR.`,
    );
  }
  return cluster;
}

async function placeFor(dataDir: string, user: ServerUser, log: Logger): Promise<string> {
  const closed = await closedFolder(dataDir, user);
  if (!closed) return join(dataDir, 'postgres');
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const folder = join(openFolder, name, 'postgres');
  log.warn('The database is kept elsewhere: the user "postgres", which it runs as, may not enter the data folder.', {
    closed,
    folder,
  });
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 });
  await Promise.all([chmod(openFolder, 0o755), chmod(dirname(folder), 0o755)]);
  await writeFile(locationFile(dataDir), `${folder}\n`);
  return folder;
}

async function keptPassword(dataDir: string): Promise<string> {
  const file = passwordFile(dataDir);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
  // link, unlike rename, leaves the file of a process that was first.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft, { force: true });
  return (await readFile(file, 'utf8')).trim();
}

async function initialise({ folder, password, user, binaries }: Cluster, log: Logger): Promise<void> {
  await removeHalfMade(folder);
  const staging = `${folder}.new-${process.pid}`;
  const pwfile = `${staging}.password`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { mode: 0o700 });
  await writeFile(pwfile, password, { mode: 0o600 });
  if (user) await Promise.all([staging, pwfile].map((path) => chown(path, user.uid, user.gid)));
  try {
    const locale = ['--no-locale', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = ['--auth=scram-sha-256', `--username=${superuser}`, `--pwfile=${pwfile}`];
    await runBinary(binaries.initdb, [`--pgdata=${staging}`, ...locale, ...access], user);
    await rename(staging, folder);
    log.info('Made a new database.', { folder });
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    const other = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!other) throw new Error(`The database could not be made in ${folder}.`, { cause: error });
  } finally {
    await rm(pwfile, { force: true });
  }
}

/** What processes left that were killed while they made a cluster. */
async function removeHalfMade(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.new-`;
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    if (!(await isAlive(Number.parseInt(name.slice(prefix.length), 10)))) {
      await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}
