import type { Line } from '../../app/slack/messages/answer.ts';
import { commandWords, helpLines, unknownWordLines } from '../../app/slack/messages/help.ts';
import { nearest } from '../../app/slack/messages/nearest.ts';

export const help = async ({ command }: { command: string }): Promise<Line[]> => helpLines(command);

/** A word that is no command. */
export function unknownWord(command: string, typed: string): Line[] {
  return unknownWordLines(command, typed, nearest(typed, commandWords));
}
