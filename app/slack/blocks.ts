import type { Button, KnownBlock, RichTextBlock, RichTextBlockElement, RichTextSection } from '@slack/types';
import type { CardButton, CardContent, CardTable, Text } from '../cards/card.ts';
import type { Phase, Severity } from '../domain/document.ts';
import { shorten } from '../domain/text.ts';
import { actionIds } from './ids.ts';

/** The mark of where a document stands. */
export const phaseMarks: Record<Phase, string> = {
  held: '⏸️',
  waiting: '⏳',
  rejected: '⛔',
  ready: '✅',
  posted: '📗',
  closed: '🏁',
  voided: '🚫',
  other: '▫️',
};

/** The mark of how much an exception matters, in place of the mark of where it stands. */
const severityMarks: Record<Severity, string> = { info: '🔵', warning: '🟠', critical: '🔴' };

/**
 * A card as Block Kit. All that comes from an ERP goes into plain_text or rich_text, which Slack takes literally:
 * nothing in it can mention, link or break out. Lengths are Slack's limits (docs.slack.dev/reference/block-kit).
 */
export function toBlocks(card: CardContent): KnownBlock[] {
  const blocks: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: shorten(oneLine(card.headline), 150), emoji: false } },
  ];
  const top: RichTextSection[] = [];
  if (card.outcome) top.push(section(card.outcome, { bold: true }));
  const mark =
    card.status && (card.status.severity ? severityMarks[card.status.severity] : phaseMarks[card.status.phase]);
  const status = card.status ? [`${mark} ${card.status.label}`] : [];
  if (card.status || card.ask) {
    const separator = card.status && card.ask ? [' · '] : [];
    top.push(section([...status, ...separator, ...(card.ask ?? [])]));
  }
  for (const warning of card.warnings) top.push(section([`⚠️ ${warning}`], { bold: true }));
  if (top.length > 0) blocks.push({ type: 'rich_text', elements: top });
  blocks.push(...purpose(card));
  if (card.smallPrint.length > 0) {
    blocks.push({
      type: 'context',
      elements: [{ type: 'plain_text', text: shorten(oneLine(card.smallPrint.join(' · ')), 1_000), emoji: false }],
    });
  }
  const buttons: Button[] = card.buttons.map((each) => cardButton(each, card.ticket));
  if (card.link) buttons.push(linkButton(card.link));
  if (buttons.length > 0) blocks.push({ type: 'actions', elements: buttons });
  return blocks;
}

/** The text that notifications show and screen readers say: escaped, for Slack reads it as mrkdwn. */
export function toFallback(card: CardContent): string {
  return escapeMrkdwn(shorten(oneLine(card.spoken), 1_500));
}

/** Thread lines as one message. */
export function toThread(lines: Text[]): { text: string; blocks: KnownBlock[] } {
  const text = lines.map((line) => line.map(plainWord).join('')).join('\n');
  return {
    text: shorten(text, 3_500),
    blocks: [{ type: 'rich_text', elements: lines.slice(-40).map((line) => section(line)) }],
  };
}

/** The three characters that Slack's mrkdwn gives a meaning, made harmless. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function purpose(card: CardContent): KnownBlock[] {
  if (!card.table) return richLines(card, card.description);
  const { rows, more } = card.table;
  return [
    ...(card.description ? richLines({ lines: [], moreLines: 0 }, card.description, 1_500) : []),
    ...(rows.length > 0 ? [tableBlock(card.table)] : []),
    ...(more ? richLines({ lines: [], moreLines: 0 }, more) : []),
    ...richLines(card, card.linesTitle ?? null),
  ];
}

function richLines(
  card: Pick<CardContent, 'lines' | 'moreLines' | 'fields'>,
  lead: string | null,
  most = 600,
): KnownBlock[] {
  const elements: RichTextBlockElement[] = [];
  if (lead) elements.push(section([shorten(lead, most)]));
  if (card.lines.length > 0) {
    elements.push({
      type: 'rich_text_list',
      style: 'bullet',
      elements: card.lines.map(({ text, amount, url }) => ({
        type: 'rich_text_section',
        elements: [
          url && isAddress(url)
            ? { type: 'link', url, text: shorten(oneLine(text), 150) }
            : { type: 'text', text: shorten(oneLine(text), 150) },
          ...(amount ? [{ type: 'text' as const, text: `  ${amount}`, style: { bold: true } }] : []),
        ],
      })),
    });
  }
  if (card.moreLines > 0) elements.push(section([`and ${card.moreLines} more`]));
  for (const { label, value } of card.fields ?? []) elements.push(labelled(oneLine(label), oneLine(value)));
  return elements.length > 0 ? [{ type: 'rich_text', elements }] : [];
}

/** A table's limits: 100 rows of 20 cells, 10,000 characters, and no empty cell. */
const tableMost = { rows: 99, cell: 100, characters: 9_500 };

function tableBlock({ header, rows, numbers }: CardTable): KnownBlock {
  const all: string[][] = [];
  let left = tableMost.characters;
  for (const row of [header, ...rows.slice(0, tableMost.rows)]) {
    const cells = row.map((cell) => shorten(oneLine(cell), tableMost.cell));
    left -= cells.join('').length;
    if (left < 0) break;
    all.push(cells);
  }
  return {
    type: 'table',
    column_settings: header.map((_, column) => ({
      align: numbers.includes(column) ? 'right' : 'left',
      is_wrapped: !numbers.includes(column),
    })),
    rows: all.map((cells, index) => cells.map((text) => (index === 0 ? boldCell(text) : { type: 'raw_text', text }))),
  };
}

function boldCell(text: string): RichTextBlock {
  const element = { type: 'text' as const, text, style: { bold: true } };
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] };
}

const isAddress = (url: string) => /^https?:\/\/[^\s<>|]+$/.test(url) && url.length <= 2_000;

function section(text: Text, style?: { bold: boolean }): RichTextSection {
  const elements: RichTextSection['elements'] = text.flatMap((part): RichTextSection['elements'] => {
    if (typeof part === 'string') return part === '' ? [] : [{ type: 'text', text: part, ...(style ? { style } : {}) }];
    if ('person' in part) return [mention(part.person)];
    const timestamp = Math.floor(Date.parse(part.instant) / 1_000);
    return [{ type: 'date', timestamp, format: '{date_short_pretty} at {time}', fallback: utc(part.instant) }];
  });
  return { type: 'rich_text_section', elements };
}

/** A line of its own each: sections of one block would else run into one another. */
function labelled(label: string, value: string): RichTextSection {
  const elements: RichTextSection['elements'] = [
    { type: 'text', text: `${label}: `, style: { bold: true } },
    { type: 'text', text: value },
  ];
  return { type: 'rich_text_section', elements };
}

function plainWord(part: Text[number]): string {
  if (typeof part === 'string') return escapeMrkdwn(part);
  if ('instant' in part) return utc(part.instant);
  return isGroup(part.person) ? `<!subteam^${part.person}>` : `<@${part.person}>`;
}

/** A route mentions people and user groups. */
const isGroup = (id: string) => id.startsWith('S');

function mention(id: string): RichTextSection['elements'][number] {
  return isGroup(id) ? { type: 'usergroup', usergroup_id: id } : { type: 'user', user_id: id };
}

const utc = (instant: string) => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

/** ERP text may hold line breaks and control characters; one line has none. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line === '' ? '–' : line;
}

/** Slack's limit for what a screen reader says of a button. */
const longestSpoken = 75;

/** What is read out in place of a label that alone does not say what the button is about; it begins with the label. */
export function spokenLabel(label: string, about: string): { accessibility_label: string } {
  return { accessibility_label: shorten(oneLine(`${label}: ${about}`), longestSpoken) };
}

export function cardButton({ action, label, about, style, confirm }: CardButton, ticket: string): Button {
  return {
    type: 'button',
    action_id: actionIds[action],
    text: { type: 'plain_text', text: shorten(label, 75), emoji: false },
    ...spokenLabel(label, about),
    value: ticket,
    ...(style ? { style } : {}),
    ...(confirm
      ? {
          confirm: {
            title: { type: 'plain_text', text: shorten(oneLine(confirm.title), 100) },
            text: { type: 'plain_text', text: shorten(confirm.text, 300) },
            confirm: { type: 'plain_text', text: shorten(confirm.yes, 30) },
            deny: { type: 'plain_text', text: 'Cancel' },
          },
        }
      : {}),
  };
}

export function linkButton({ label, about, url }: { label: string; about: string; url: string }): Button {
  return {
    type: 'button',
    action_id: actionIds.open,
    text: { type: 'plain_text', text: shorten(label, 75), emoji: false },
    ...spokenLabel(label, about),
    url: url.slice(0, 3_000),
  };
}
