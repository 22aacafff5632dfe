import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Command } from 'commander';
import { exportAudit } from '../../app/audit/export.ts';
import { withDatabase } from '../context.ts';

export function auditExportCommand(): Command {
  return new Command('export')
    .description('write events and seals as JSON Lines; verify --file checks them without a database')
    .option('--out <file>', 'where to; standard output unless told otherwise')
    .action(({ out }: { out?: string }) =>
      withDatabase(async ({ db }) => {
        if (!out) return exportAudit(db, process.stdout);
        const file = createWriteStream(out, { mode: 0o600 });
        await exportAudit(db, file);
        file.end();
        await finished(file);
      }),
    );
}
