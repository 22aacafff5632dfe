import { Command, CommanderError } from 'commander';
import { ApplyFileError } from '../app/connections/apply/file.ts';
import { SettingsError } from '../app/settings.ts';
import { DataFolderInUseError } from '../app/storage/embedded-postgres.ts';
import { KeyringError } from '../app/storage/keyring.ts';
import { connectors } from '../connectors/index.ts';
import { applyCommand } from './commands/apply.ts';
import { auditCommand } from './commands/audit.ts';
import { controlCommand } from './commands/control.ts';
import { exportCommand } from './commands/export.ts';
import { keysCommand } from './commands/keys.ts';
import { replayCommand } from './commands/replay.ts';
import { statusCommand } from './commands/status.ts';
import { CommandError } from './context.ts';

const failed = 1;
const misused = 2;

const program = new Command('countersign')
  .description('Sets up and looks after a Countersign installation. Settings come from the environment and .env.')
  .addHelpText('after', '\nExit codes: 0 done, 1 a problem was found, 2 wrong usage or settings.')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

for (const command of [
  applyCommand(connectors),
  exportCommand(connectors),
  statusCommand(),
  replayCommand(),
  controlCommand(connectors),
  auditCommand(),
  keysCommand(),
]) {
  program.addCommand(command);
}
for (const command of [program, ...program.commands.flatMap((family) => [family, ...family.commands])]) {
  command.exitOverride().showHelpAfterError('(--help says how)');
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : failed));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : misused;
  if (error instanceof SettingsError) return print(error.lines, misused);
  if (error instanceof ApplyFileError) return print(error.lines, failed);
  const expected = [CommandError, KeyringError, DataFolderInUseError].some((type) => error instanceof type);
  if (expected) return print([(error as Error).message], failed);
  const { message, cause, code } = error as Error & { code?: string };
  const reason = message || code || String(error);
  return print([reason, ...(cause instanceof Error ? [`because: ${cause.message}`] : [])], failed);
}

function print(lines: string[], exitCode: number): number {
  for (const line of lines) process.stderr.write(`${line}\n`);
  return exitCode;
}
