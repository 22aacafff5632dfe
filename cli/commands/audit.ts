import { Command } from 'commander';
import { auditExportCommand } from './audit-export.ts';
import { auditVerifyCommand } from './audit-verify.ts';

export function auditCommand(): Command {
  return new Command('audit')
    .description('the append-only record of what was read, posted and decided')
    .addCommand(auditVerifyCommand())
    .addCommand(auditExportCommand());
}
