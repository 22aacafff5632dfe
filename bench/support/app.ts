import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, start as startProcess } from '../../demo/processes.ts';
import type { SandboxDescription } from '../../demo/start.ts';
import { keys } from './setup.ts';
import { startFlags } from './start-flags.ts';

export interface RunningApp {
  url: string;
  stop(): Promise<void>;
}

/** The app as `npm start` runs it, on a database that is there, pointed at the sandbox. */
export async function startApp(
  { slack }: Pick<SandboxDescription, 'slack'>,
  databaseUrl: string,
  settings: Record<string, string> = {},
): Promise<RunningApp> {
  const port = await freePort(0);
  const url = `http://localhost:${port}`;
  const lines: string[] = [];
  const env = {
    NODE_OPTIONS: startFlags().join(' '),
    SLACK_CLIENT_ID: slack.clientId,
    SLACK_CLIENT_SECRET: slack.clientSecret,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_STATE_SECRET: 'a-state-secret-for-the-bench-only',
    SLACK_API_URL: slack.apiUrl,
    SLACK_AUTHORIZE_URL: slack.authorizeUrl,
    ENCRYPTION_KEYS: keys,
    PUBLIC_URL: url,
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'text',
    ...settings,
  };
  const app = startProcess('app/index.ts', [], env, (line) => {
    lines.push(line);
    if (lines.length > 50) lines.shift();
  });
  const until = performance.now() + 30_000;
  while (
    !(await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (app.child.exitCode !== null || performance.now() > until) {
      await app.stop();
      throw new Error(`The app did not start:\n${lines.join('\n')}`);
    }
    await sleep(50);
  }
  return {
    url,
    async stop() {
      await app.stop();
      for (const line of lines) process.stderr.write(`app: ${line}\n`);
    },
  };
}
