import { access } from 'node:fs/promises';
import { Command } from 'commander';
import { verifyAudit, verifyExport } from '../../app/audit/verify.ts';
import { CommandError, say, withDatabase } from '../context.ts';

export function auditVerifyCommand(): Command {
  return new Command('verify')
    .description('check that no event and no seal was changed, removed or slipped in')
    .option('--file <file>', 'check an exported file instead of the database; needs no settings')
    .option('--head <hash>', 'a head noted earlier (each sealing logs one): shows whether seals are gone since')
    .action(async ({ file, head }: { file?: string; head?: string }) => {
      if (file) {
        await access(file).catch(() => {
          throw new CommandError(`The file ${file} cannot be read.`);
        });
      }
      const report = file
        ? await verifyExport(file, { head })
        : await withDatabase(({ db }) => verifyAudit(db, { head }));
      say(`Events    ${report.events}, of which ${report.unsealed} not sealed yet`);
      say(`Seals     ${report.seals}`);
      say(`Head      ${report.head ?? 'none'}`);
      say(`Problems  ${report.problems.length > 0 ? '' : 'none'}`);
      for (const problem of report.problems) say(`  ${problem}`);
      if (report.problems.length > 0) process.exitCode = 1;
    });
}
