import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { applyChanges, planChanges } from '../../app/connections/apply/apply.ts';
import { readApplyFile } from '../../app/connections/apply/file.ts';
import type { Connector } from '../../connectors/connector.ts';
import { CommandError, say, withDatabase } from '../context.ts';

export function applyCommand(connectors: readonly Connector[]): Command {
  return new Command('apply')
    .description('bring connections, feeds and routes to what a YAML file says')
    .argument('<file>', `the file; \${NAME} in it is taken from the environment`)
    .option('--dry-run', 'only say what would change')
    .action(async (path: string, { dryRun = false }: { dryRun?: boolean }) => {
      const text = await readFile(path, 'utf8').catch(() => {
        throw new CommandError(`The file ${path} cannot be read.`);
      });
      await withDatabase(async ({ db, keyring }) => {
        const file = readApplyFile(text, process.env, connectors);
        const lines = await (dryRun ? planChanges : applyChanges)(db, keyring, file);
        for (const line of lines) say(line);
        if (lines.length === 0) say('Nothing to change.');
        else say(dryRun ? `\n${changes(lines.length)}, not made (--dry-run).` : `\n${changes(lines.length)} made.`);
      });
    });
}

const changes = (count: number) => (count === 1 ? '1 change' : `${count} changes`);
