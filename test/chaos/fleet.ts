import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../support/wait.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** App processes on one database, and one address before them that goes to whichever is alive. */
export interface Fleet {
  url: string;
  ready(): Promise<void>;
  /** SIGKILL; the process is started again after `restartMs`. */
  kill(index: number, restartMs: number): void;
  kills: number;
  /** What the processes said that was not JSON or was an error. */
  complaints: string[];
  stop(): Promise<number[]>;
}

export async function startFleet(
  size: number,
  ports: number[],
  env: (port: number, publicUrl: string) => NodeJS.ProcessEnv,
): Promise<Fleet> {
  const complaints: string[] = [];
  const members: Array<{ child: ChildProcess; port: number; restart?: NodeJS.Timeout }> = [];
  let stopping = false;
  const balancer = await startBalancer(ports.slice(0, size));

  function launch(port: number): ChildProcess {
    const child = spawn(process.execPath, ['app/index.ts'], {
      cwd: root,
      env: { ...process.env, ...env(port, balancer.url) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const listen = (chunk: Buffer) => {
      for (const line of String(chunk).split('\n'))
        if (line.includes('"level":"error"') || /^\S*Error/.test(line)) complaints.push(line);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    return child;
  }

  for (const port of ports.slice(0, size)) members.push({ child: launch(port), port });
  const fleet: Fleet = {
    url: balancer.url,
    kills: 0,
    complaints,
    ready: () =>
      Promise.all(
        members.map(({ port }) =>
          waitUntil(
            () =>
              fetch(`http://127.0.0.1:${port}/readyz`).then(
                (r) => r.ok,
                () => false,
              ),
            {
              what: `the app on port ${port}; it says:\n${complaints.join('\n')}`,
              timeoutMs: 40_000,
            },
          ),
        ),
      ).then(() => undefined),
    kill(index, restartMs) {
      const member = members[index];
      if (!member || member.child.exitCode !== null || member.child.signalCode !== null) return;
      member.child.kill('SIGKILL');
      fleet.kills += 1;
      member.restart = setTimeout(() => {
        if (!stopping) member.child = launch(member.port);
      }, restartMs);
    },
    async stop() {
      stopping = true;
      const codes = await Promise.all(
        members.map(async ({ child, restart }) => {
          clearTimeout(restart);
          if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? 0;
          const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
          child.kill('SIGTERM');
          return ended;
        }),
      );
      await balancer.stop();
      return codes;
    },
  };
  return fleet;
}

/** Sends each request to the next process that accepts the connection; what one accepted is never sent to another. */
async function startBalancer(ports: number[]): Promise<{ url: string; stop(): Promise<void> }> {
  let turn = 0;
  const server: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => forward(ports.length));
    const forward = (tries: number) => {
      turn += 1;
      const port = ports[turn % ports.length];
      const onward = httpRequest({
        host: '127.0.0.1',
        port,
        path: incoming.url,
        method: incoming.method,
        headers: incoming.headers,
        agent: false,
      });
      onward.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('error', () => outgoing.destroy());
        answer.pipe(outgoing);
      });
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && tries > 1) return forward(tries - 1);
        return outgoing.destroy();
      });
      onward.end(Buffer.concat(chunks));
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://localhost:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
