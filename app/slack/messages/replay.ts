import type { Replayed } from '../../cards/replay.ts';
import type { InstallationStatus } from '../../status/report.ts';
import type { Line } from './answer.ts';
import { plural } from './status.ts';

const channelsShown = 8;

/** What a replay would do, and what to type. */
export function replayOffer(
  command: string,
  { cards, decisions, notes }: Pick<InstallationStatus, 'cards' | 'decisions' | 'notes'>,
): Line[] {
  const dead = [
    counted(cards.dead ?? 0, 'card'),
    counted(decisions.dead ?? 0, 'decision'),
    counted(notes.dead ?? 0, 'note'),
  ]
    .filter(Boolean)
    .join(' and ');
  if (dead === '') return [['Nothing is dead, so there is nothing to replay.'], oneDocument(command)];
  return [
    [`${dead} could not be delivered or carried out. To try all of them again: `, { code: `${command} replay dead` }],
    ['Only what died lately: ', { code: `${command} replay since 2h` }],
    oneDocument(command),
  ];
}

/** What a replay has set going; `what` as in "Trying again what died in the last 2 h", `none` where that is nothing. */
export function replayDone(
  replayed: Replayed & { redrawn?: number },
  { what = '', none }: { what?: string; none: string },
): Line[] {
  const { cards, threadLines, decisions, notes, redrawn = 0, channels } = replayed;
  if (cards + threadLines + decisions + notes + redrawn === 0) return [[none]];
  const parts = [
    counted(cards, 'card'),
    counted(threadLines, 'thread line'),
    counted(decisions, 'decision'),
    counted(notes, 'note'),
  ].filter(Boolean);
  const where = channels
    .slice(0, channelsShown)
    .flatMap(
      ({ channel, cards: count }, index): Line => [
        index === 0 ? ' The cards go to ' : ', ',
        { channel },
        ` (${count})`,
      ],
    );
  const more = channels.length > channelsShown ? ` and ${plural(channels.length - channelsShown, 'more channel')}` : '';
  const again = parts.length > 0 ? `Trying again${what}: ${parts.join(', ')}.` : '';
  const drawn = redrawn > 0 ? `Drawing anew${what}: ${plural(redrawn, 'card')}.` : '';
  return [
    [[again, drawn].filter(Boolean).join(' '), ...where, ...(where.length > 0 ? [`${more}.`] : [])],
    ...(decisions > 0
      ? [['A decision that may have reached the ERP is read there first, so nothing is done twice.']]
      : []),
  ];
}

const oneDocument = (command: string): Line => ['One document’s card: ', { code: `${command} replay REFERENCE` }];
const counted = (count: number, noun: string) => (count === 0 ? '' : plural(count, noun));
