import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { testKeys } from '../support/database.ts';

const compiled = join(tmpdir(), 'countersign-test-compiled');

export interface CliResult {
  code: number | null;
  out: string;
  err: string;
}

/** The real command line as a child process, in an empty folder so that no `.env` is read. */
export async function runCli(args: string[], env: NodeJS.ProcessEnv): Promise<CliResult> {
  const cwd = await mkdtemp(join(tmpdir(), 'cli-'));
  try {
    return await new Promise((done, reject) => {
      const child = spawn(process.execPath, [resolve('cli/index.ts'), ...args], {
        cwd,
        env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compiled, ENCRYPTION_KEYS: testKeys, ...env },
      });
      const result = { out: '', err: '' };
      child.stdout.on('data', (chunk) => {
        result.out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        result.err += chunk;
      });
      child.once('error', reject);
      child.once('close', (code) => done({ code, ...result }));
    });
  } finally {
    await rm(cwd, { recursive: true });
  }
}
