import { Command } from 'commander';
import { budgetsOf } from '../../app/metering/used.ts';
import { readStatus } from '../../app/status/report.ts';
import { connectorById } from '../../connectors/index.ts';
import { say, withDatabase } from '../context.ts';
import { statusText } from '../status/text.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description('what runs, what is read, what waits, and what needs a person')
    .option('--json', 'the same as JSON')
    .action(({ json = false }: { json?: boolean }) =>
      withDatabase(async ({ db }) => {
        const report = await readStatus(db, budgetsOf(connectorById));
        say(json ? JSON.stringify(report, null, 2) : statusText(report).trimEnd());
      }),
    );
}
