import { Command } from 'commander';
import { rotateKeys } from '../../app/storage/rotate-keys.ts';
import { say, withDatabase } from '../context.ts';

export function keysCommand(): Command {
  const rotate = new Command('rotate')
    .description('encrypt every stored secret with the first key of ENCRYPTION_KEYS; the app may run meanwhile')
    .action(() =>
      withDatabase(async ({ db, keyring }) => {
        const { rotated, byKey, problems } = await rotateKeys(db, keyring);
        say(`Encrypted anew with the key "${keyring.currentKeyId}": ${rotated}`);
        for (const [keyId, count] of Object.entries(byKey)) say(`Use the key "${keyId}": ${count}`);
        for (const problem of problems) say(problem);
        if (problems.length > 0) process.exitCode = 1;
        else say('No stored secret needs any other key now.');
      }),
    );
  return new Command('keys').description('the keys that encrypt tokens and ERP credentials').addCommand(rotate);
}
