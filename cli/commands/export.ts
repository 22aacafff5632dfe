import { Command } from 'commander';
import { exportFile } from '../../app/connections/apply/export.ts';
import type { Connector } from '../../connectors/connector.ts';
import { withDatabase } from '../context.ts';

export function exportCommand(connectors: readonly Connector[]): Command {
  return new Command('export')
    .description(`print the connections as a file for apply; secrets are printed as \${NAME}, never as values`)
    .action(() =>
      withDatabase(async ({ db, keyring }) => {
        process.stdout.write(await exportFile(db, keyring, connectors));
      }),
    );
}
