import type { Line } from '../../app/slack/messages/answer.ts';
import type { CommandWord } from '../../app/slack/messages/help.ts';
import { nearest } from '../../app/slack/messages/nearest.ts';
import type { Call } from './call.ts';

/** One line for a name that is no connection's: what to type instead; `after` is what follows the name. */
export function noSuchConnection({ command, argument }: Call, word: CommandWord, names: string[], after = ''): Line[] {
  if (names.length === 0) return [['No connection is set up yet.']];
  const said = argument === '' ? 'Say which connection.' : `There is no connection “${argument.slice(0, 80)}”.`;
  const meant = nearest(argument, names);
  if (meant) return [[`${said} Type `, { code: `${command} ${word} ${meant}${after}` }, '.']];
  const all = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
  return [[`${said} Type `, { code: `${command} ${word} CONNECTION${after}` }, `; there is: ${all}.`]];
}
