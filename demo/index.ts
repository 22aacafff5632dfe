import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { runToEnd } from './processes.ts';
import { smoke } from './smoke.ts';
import { type Demo, startDemo } from './start.ts';

const flags = new Command('demo')
  .description('The sandbox and the app on this machine, set up and running.')
  .option('--smoke', 'play the story without a person, print one line of JSON and exit')
  .option('--port <port>', 'port of the sandbox page', '4400')
  .option('--app-port <port>', 'port of the app', '4401')
  .option('--verbose', 'show what the app logs')
  .parse()
  .opts<{ smoke?: boolean; port: string; appPort: string; verbose?: boolean }>();

const said: string[] = [];
const dataDir = flags.smoke ? await mkdtemp(join(tmpdir(), 'countersign-smoke-')) : './data/demo';

try {
  const demo = await startDemo({
    dataDir,
    sandboxPort: Number(flags.port),
    appPort: Number(flags.appPort),
    onLine: (from, line) => {
      said.push(`${from}: ${line}`);
      if (said.length > 200) said.shift();
      if (flags.verbose) process.stderr.write(`${from}: ${line}\n`);
    },
    onStep: (step) => void process.stderr.write(`… ${step}\n`),
  });
  if (flags.smoke) await play(demo);
  else welcome(demo);
} catch (error) {
  await fail(error);
}

async function play(demo: Demo): Promise<void> {
  try {
    const figures = await smoke(demo, () => countsOf(demo));
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  } finally {
    await demo.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function welcome(demo: Demo): void {
  process.stdout.write(`
  Slack       ${demo.sandbox.page}
  Acumatica   ${demo.sandbox.url}/acumatica
  Intacct     ${demo.sandbox.url}/intacct
  Faults      ${demo.sandbox.url}/faults
  The app     ${demo.appUrl}/readyz

  Bills are arriving. Press Approve or Reject … on a card; Ctrl-C ends the demo.
`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void demo.stop());
  demo.app.child.once('exit', (code) => {
    if (code) void fail(new Error(`The app ended with code ${code}.`));
  });
}

async function countsOf(demo: Demo): Promise<Record<string, number>> {
  const status = JSON.parse(await runToEnd('cli/index.ts', ['status', '--json'], demo.env));
  return { documentsRead: status.documents.bill, cardsPosted: status.cards.posted, decisions: status.decisions.done };
}

async function fail(error: unknown): Promise<void> {
  process.stderr.write(`${said.slice(-20).join('\n')}\n\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
