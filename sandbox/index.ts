import { Command } from 'commander';
import { startSandbox } from './start.ts';

interface Flags {
  port: string;
  host: string;
  appUrl?: string;
  clientId?: string;
  clientSecret?: string;
  signingSecret?: string;
}

const flags = new Command('sandbox')
  .description('A Slack workspace and the ERPs, simulated on this machine. Prints one line of JSON, then runs.')
  .option('--port <port>', 'port to listen on', process.env.SANDBOX_PORT ?? '4400')
  .option('--host <host>', 'interface to listen on', process.env.SANDBOX_HOST ?? '127.0.0.1')
  .option('--app-url <url>', 'where the app answers', process.env.SANDBOX_APP_URL)
  .option('--client-id <id>', "the app's client id", process.env.SANDBOX_SLACK_CLIENT_ID)
  .option('--client-secret <secret>', "the app's client secret", process.env.SANDBOX_SLACK_CLIENT_SECRET)
  .option('--signing-secret <secret>', "the app's signing secret", process.env.SANDBOX_SLACK_SIGNING_SECRET)
  .parse()
  .opts<Flags>();

const port = Number(flags.port);
const sandbox = await startSandbox({
  port,
  host: flags.host,
  appUrl: flags.appUrl,
  scenario: {
    slack: { clientId: flags.clientId, clientSecret: flags.clientSecret, signingSecret: flags.signingSecret },
  },
}).catch((error: NodeJS.ErrnoException) => {
  const taken = error.code === 'EADDRINUSE' ? 'it is taken; choose another with --port' : error.message;
  process.stderr.write(`The sandbox could not listen on port ${flags.port}: ${taken}\n`);
  process.exit(1);
});
process.stdout.write(`${JSON.stringify(sandbox.describe())}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void sandbox.stop();
  });
}
