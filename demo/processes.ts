import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Running {
  child: ChildProcess;
  /** Asks it to stop and waits; kills it where it does not. */
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs one of the project's programs as its own process. Each line it prints goes to `onLine`, with where it came from. */
export function start(
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string, from: 'stdout' | 'stderr') => void,
): Running {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => onLine(line, 'stdout'));
  createInterface({ input: child.stderr }).on('line', (line) => onLine(line, 'stderr'));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const tooLong = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(tooLong);
    },
  };
}

/** Runs a program to its end and returns its standard output; throws with all that it printed where it fails. */
export async function runToEnd(script: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const lines: string[] = [];
  const output: string[] = [];
  const { child } = start(script, args, env, (line, from) => {
    lines.push(line);
    if (from === 'stdout') output.push(line);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} failed:\n${lines.join('\n')}`);
  return output.join('\n');
}

/** The wanted port where it is free, else one that is. */
export async function freePort(wanted: number): Promise<number> {
  const attempt = (port: number) =>
    new Promise<number | null>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(null));
      server.listen(port, () => {
        const address = server.address();
        const given = typeof address === 'object' && address ? address.port : port;
        server.close(() => resolve(given));
      });
    });
  const port = (await attempt(wanted)) ?? (await attempt(0));
  if (port === null) throw new Error('No port is free on this machine.');
  return port;
}
