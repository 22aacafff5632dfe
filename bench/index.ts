import { availableParallelism, loadavg } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { measureAcks } from './acks/index.ts';
import { measureBurst } from './burst/index.ts';
import { measureClicks } from './clicks/index.ts';
import { measureHome } from './home/index.ts';
import { measureLanes } from './lanes/index.ts';
import { measurePushes } from './pushes/index.ts';
import { measureReading } from './reading/index.ts';
import { measureRelease } from './release/index.ts';
import { measureSummaries } from './summaries/index.ts';
import { type Figure, table } from './support/figures.ts';
import { startServer } from './support/postgres.ts';
import { withStarted } from './support/stack.ts';
import { measureXml } from './xml/index.ts';

const sections = {
  lanes: measureLanes,
  reading: measureReading,
  acks: measureAcks,
  clicks: measureClicks,
  home: measureHome,
  pushes: measurePushes,
  release: measureRelease,
  burst: measureBurst,
  xml: measureXml,
  summaries: measureSummaries,
};
type Section = keyof typeof sections;
const names = Object.keys(sections) as Section[];

const flags = new Command('bench')
  .description('Measures the app, each figure beside a baseline of the same run. Nothing is asserted.')
  .option('--json', 'print the figures as one line of JSON')
  .option('--quick', 'fewer and shorter rounds, about 8 minutes in all')
  .addOption(
    new Option('--only <sections>', `some of ${names.join(',')}`).argParser((text) => {
      const asked = text.split(',').map((name) => name.trim());
      const unknown = asked.find((name) => !names.some((known) => known === name));
      if (unknown !== undefined) throw new InvalidArgumentError(`There is no section "${unknown}".`);
      return names.filter((name) => asked.includes(name));
    }),
  )
  .parse()
  .opts<{ json?: boolean; quick?: boolean; only?: Section[] }>();

const load = [loadavg()[0]];
const figures = await withStarted(async (start) => {
  const server = await start(startServer());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.stop().finally(() => process.exit(130)));
  }
  const found: Figure[] = [];
  for (const name of flags.only ?? names) {
    process.stderr.write(`… ${name}\n`);
    try {
      found.push(...(await sections[name](server, flags.quick ?? false)));
    } catch (error) {
      // What the other sections find out is still worth having.
      process.exitCode = 1;
      process.stderr.write(`${name} could not be measured: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
    load.push(loadavg()[0]);
  }
  return found;
});

const machine = { cores: availableParallelism(), load };
const note = `${machine.cores} cores; load before and after each section: ${load.map((value) => value?.toFixed(1)).join(', ')}`;
process.stdout.write(flags.json ? `${JSON.stringify({ figures, machine })}\n` : `${table(figures)}\n\n${note}\n`);
