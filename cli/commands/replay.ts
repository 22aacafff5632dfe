import { Command } from 'commander';
import { replayDead } from '../../app/cards/replay.ts';
import { say, withDatabase } from '../context.ts';

export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'tries again what could not be delivered or carried out: dead cards, thread lines, decisions and notes',
    )
    .option('--channel <id>', 'only those of one channel')
    .action(({ channel }: { channel?: string }) =>
      withDatabase(async ({ db }) => {
        const { cards, threadLines, decisions, notes } = await replayDead(db, 'command line', channel);
        if (cards + threadLines + decisions + notes === 0) return say('Nothing is dead; there is nothing to replay.');
        return say(
          `${cards} cards, ${threadLines} thread lines, ${decisions} decisions and ${notes} notes are on their way again. See status for how it goes.`,
        );
      }),
    );
}
