import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from '../../log.ts';

/** Whom the server runs as; null: the user who runs this process. */
export type ServerUser = { uid: number; gid: number } | null;

const run = promisify(execFile);
const name = 'postgres';

async function find(): Promise<ServerUser> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** PostgreSQL refuses to run as root: root's server runs as the system user `postgres`, which is made where missing. */
export async function serverUser(log: Logger): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return null;
  try {
    return await find();
  } catch {
    try {
      await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', name]);
      log.info('Made the system user "postgres", because PostgreSQL does not run as root.');
      return await find();
    } catch (cause) {
      throw new Error(
        'PostgreSQL does not run as root and the system user "postgres" could not be made. Start Countersign as another user, or set DATABASE_URL.',
        { cause },
      );
    }
  }
}

/** The first folder on the way to `folder` (itself included) that `user` may not enter; null when all are open. */
export async function closedFolder(folder: string, user: ServerUser): Promise<string | null> {
  if (!user) return null;
  const parent = dirname(folder);
  const above = parent === folder ? null : await closedFolder(parent, user);
  if (above) return above;
  const { mode, uid, gid } = await stat(folder);
  const needed = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return mode & needed ? null : folder;
}
