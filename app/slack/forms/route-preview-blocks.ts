import type { KnownBlock } from '@slack/types';
import { documentName, partyOf, partyWords } from '../../domain/kinds.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Example, Overlap, Preview } from '../../setup/route-preview.ts';
import { bullets, type Line, lines, title } from '../home-parts.ts';
import type { Membership } from '../membership.ts';

export interface PreviewShown {
  preview: Preview;
  /** What the documents are called: "Bills". */
  what: string;
  inDigests: boolean;
  place: string;
  membership: Membership;
  /** How whoever fills the form in writes amounts. */
  locale: string;
}

/** What the route would have meant, as it stands above the button that saves it. */
export function previewBlocks({ preview, what, inDigests, place, membership, locale }: PreviewShown): KnownBlock[] {
  const { days, matched, perDay, totals, examples } = preview;
  const since = days === 1 ? 'the last day' : `the last ${days} days`;
  const messages = inDigests ? `at most ${count(perDay)} a day, in digests` : `about ${count(perDay)} a day`;
  const first: Line[] =
    matched === 0
      ? [[{ bold: `${what} of ${since} that match: none.` }, ' What comes later and matches is posted.']]
      : [
          [{ bold: `${what} of ${since} that match: ${matched}.` }, ` Messages: ${messages}.`],
          ...(totals.length > 0 ? [[`In all ${totals.map((money) => formatMoney(money, locale)).join(' + ')}.`]] : []),
        ];
  return [
    { type: 'divider' },
    title('What it would have meant'),
    lines(first),
    ...(examples.length > 0 ? [bullets(examples.map((example) => toExample(example, locale)))] : []),
    ...notes(preview, place, membership),
  ];
}

export function countingBlocks(): KnownBlock[] {
  const text = 'There are many documents, so this takes a moment. What you typed stays.';
  return [{ type: 'divider' }, lines([[{ bold: '⏳ Counting what would have matched …' }], [text]])];
}

/** Why it was not saved, and what to do. */
export function warningBlocks(text: Line[]): KnownBlock[] {
  return [{ type: 'divider' }, lines(text.map((line, index): Line => (index === 0 ? ['⚠️ ', ...line] : line)))];
}

/** How to let the app in, and what is so without. */
export function membershipLines(place: string, membership: Membership): Line[] {
  const channel = { channel: place };
  const invite: Line = ['To let me in, type ', { bold: '/invite @Countersign' }, ' in ', channel, '.'];
  switch (membership) {
    case 'uninvited':
      return [
        [{ bold: 'I am not in ' }, channel, { bold: ' yet, and it is private: nothing can be posted there.' }],
        [...invite, ' You can save now: the cards come by themselves once I am in.'],
      ];
    case 'public':
      return [
        [
          'I am not in ',
          channel,
          '. I can post there all the same, but cannot look for a card whose posting got no answer.',
        ],
        invite,
      ];
    case 'archived':
      return [
        [{ bold: 'The channel is archived: ' }, channel, '. Nothing can be posted there until it is taken up again.'],
      ];
    case 'unknown':
      return [
        ['Slack does not tell me whether I am in ', channel, '. If it is private I must be, to post. ', ...invite],
      ];
    default:
      return [];
  }
}

function notes({ caughtEarlier, takenFrom, alsoGoes }: Preview, place: string, membership: Membership): KnownBlock[] {
  const overlaps = (all: Overlap[], words: (overlap: Overlap) => Line) => all.map(words);
  const said: Line[] = [
    ...overlaps(caughtEarlier, ({ name, count: so }) => [
      `${so} ${so === 1 ? 'is' : 'are'} caught earlier by the route `,
      { bold: name },
      ' in the same channel, and so not by this one.',
    ]),
    ...overlaps(takenFrom, ({ name, count: so }) => [
      `${so} would otherwise come by the route `,
      { bold: name },
      ', which stands after this one in the same channel.',
    ]),
    ...overlaps(alsoGoes, ({ name, channel, count: so }) => [
      `${so} also ${so === 1 ? 'goes' : 'go'} to `,
      { channel },
      ' by the route ',
      { bold: name },
      '.',
    ]),
    ...membershipLines(place, membership),
  ];
  return said.length > 0 ? [lines(said)] : [];
}

function toExample(example: Example, locale: string): Line {
  const party = partyOf(example);
  const words = partyWords(example.kind);
  const parts = [documentName(example)];
  if (words) parts.push(party?.name ?? party?.code ?? `no ${words.word}`);
  if (example.amount) parts.push(formatMoney(example.amount, locale));
  return [parts.join(' · ')];
}

/** "0.4", "3", "120". */
function count(number: number): string {
  if (number > 0 && number < 0.1) return 'less than 0.1';
  return number < 10 ? String(Math.round(number * 10) / 10) : String(Math.round(number));
}
