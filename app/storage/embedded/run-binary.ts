import { type SpawnOptions, spawn } from 'node:child_process';
import type { ServerUser } from './server-user.ts';

/** What PostgreSQL's programs are started with: not this process's environment (its secrets), not its folder. */
export function spawnOptions(user: ServerUser): SpawnOptions {
  const { PATH, SystemRoot } = process.env;
  const system = { ...(PATH ? { PATH } : {}), ...(SystemRoot ? { SystemRoot } : {}) };
  return { ...user, cwd: '/', env: { ...system, LANG: 'C', LC_ALL: 'C', TZ: 'UTC' }, windowsHide: true };
}

/** Runs a program to its end; rejects with what it printed. */
export function runBinary(path: string, args: string[], user: ServerUser): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { ...spawnOptions(user), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${path} ended with ${signal ?? `code ${code}`}: ${output.trim()}`)),
    );
  });
}
