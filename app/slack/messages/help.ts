import type { Line } from './answer.ts';

/** What can be typed after the command's name, in the order of the help. */
export const commandWords = ['status', 'mine', 'find', 'audit', 'replay', 'run', 'pause', 'resume', 'help'] as const;
export type CommandWord = (typeof commandWords)[number];

const usages: Array<[usage: string, what: string]> = [
  ['status [CONNECTION]', 'how reading and posting are doing'],
  ['mine [PAGE]', 'what waits for your decision, and what you decided lately'],
  ['find TEXT', 'documents by reference, vendor, customer or the vendor’s reference'],
  ['audit REFERENCE', 'what happened to a document (administrators and those who may decide it)'],
  ['replay [dead | REFERENCE | since 2h]', 'try again what is dead (administrators)'],
  ['run CONNECTION summary', 'make the summary of what is posted now (administrators)'],
  ['pause CONNECTION', 'stop reading and deciding there (administrators)'],
  ['resume CONNECTION', 'go on from where it was (administrators)'],
  ['help', 'this list'],
];

/** All commands, one a line. */
export function helpLines(command: string): Line[] {
  return [
    [{ bold: 'What you can type' }],
    ...usages.map(([usage, what]): Line => [{ code: `${command} ${usage}` }, `  ${what}`]),
    [
      'Administrators are whoever installed the app, the workspace’s admins and owners, and people they name in App Home.',
    ],
  ];
}

/** A word that is no command: what was probably meant, and all there is. */
export function unknownWordLines(command: string, typed: string, meant: CommandWord | undefined): Line[] {
  const guess: Line = meant ? [' Did you mean ', { code: `${command} ${meant}` }, '?'] : [];
  return [['There is no ', { code: `${command} ${typed.slice(0, 40)}` }, '.', ...guess], ...helpLines(command)];
}
