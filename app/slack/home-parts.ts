import type { ActionsBlock, Button, KnownBlock, RichTextSection } from '@slack/types';
import { shorten } from '../domain/text.ts';
import type { Paged } from '../home/paging.ts';
import type { PagedList } from '../home/row.ts';
import { spokenLabel } from './blocks.ts';
import { homeIds } from './ids.ts';

/** A line of a Home; plain strings and bold ones are taken literally. */
export type Line = Array<
  string | { bold: string } | { person: string } | { channel: string } | { instant: string } | { ago: string }
>;

const longestPart = 400;

export function lines(all: Line[]): KnownBlock {
  return { type: 'rich_text', elements: all.map(section) };
}

export function bullets(all: Line[]): KnownBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements: all.map(section) }] };
}

export function title(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text: shorten(oneLine(text), 150), emoji: false } };
}

export function smallPrint(parts: string[]): KnownBlock {
  return {
    type: 'context',
    elements: [{ type: 'plain_text', text: shorten(oneLine(parts.join(' · ')), 500), emoji: false }],
  };
}

export function context(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] };
}

export function actions(blockId: string, elements: Button[]): ActionsBlock {
  return { type: 'actions', block_id: blockId, elements };
}

/** `about`: what is read out after the label, where that alone does not say what the button is about. */
export function plainButton(actionId: string, label: string, value: string, about?: string): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: shorten(label, 75), emoji: false },
    value,
    ...(about ? spokenLabel(label, about) : {}),
  };
}

/** A button that asks first. */
export function askingButton(button: Button, ask: { title: string; text: string; yes: string }): Button {
  return {
    ...button,
    confirm: {
      title: { type: 'plain_text', text: shorten(oneLine(ask.title), 100) },
      text: { type: 'plain_text', text: shorten(oneLine(ask.text), 300) },
      confirm: { type: 'plain_text', text: shorten(ask.yes, 30) },
      deny: { type: 'plain_text', text: 'Cancel' },
    },
  };
}

const listNames: Record<PagedList, string> = {
  waiting: 'what waits for you',
  connections: 'the connections',
  routes: 'the routes',
  dead: 'what is stuck',
  accounts: 'your links to ERP accounts',
};

/** Where a list has more than one page. A button carries its list and page, so no click depends on what was before. */
export function pager(list: PagedList, { page, pages, size, total, items }: Paged<unknown>): KnownBlock[] {
  if (pages <= 1) return [];
  const from = page * size;
  const buttons: Button[] = [];
  const about = listNames[list];
  if (page > 0) {
    buttons.push(plainButton(homeIds.previous, '← Previous', `${list}.${page - 1}`, about));
  }
  if (page < pages - 1) buttons.push(plainButton(homeIds.next, 'Next →', `${list}.${page + 1}`, about));
  return [
    {
      type: 'context',
      elements: [{ type: 'plain_text', text: `${from + 1}–${from + items.length} of ${total}` }],
    },
    actions(`pages_${list}`, buttons),
  ];
}

function section(line: Line): RichTextSection {
  return { type: 'rich_text_section', elements: line.flatMap(element) };
}

function element(part: Line[number]): RichTextSection['elements'] {
  if (typeof part === 'string') return part === '' ? [] : [{ type: 'text', text: inLine(part) }];
  if ('bold' in part) return [{ type: 'text', text: inLine(part.bold), style: { bold: true } }];
  if ('person' in part) return [{ type: 'user', user_id: part.person }];
  if ('channel' in part) {
    const { channel } = part;
    return [/^[UW]/.test(channel) ? { type: 'user', user_id: channel } : { type: 'channel', channel_id: channel }];
  }
  const [instant, format] = 'ago' in part ? [part.ago, '{ago}'] : [part.instant, '{date_short_pretty} at {time}'];
  const fallback = `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
  return [{ type: 'date', timestamp: Math.floor(Date.parse(instant) / 1_000), format, fallback }];
}

/** Keeps the blanks around words, which a line needs between its parts. */
function inLine(text: string): string {
  return shorten(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '), longestPart);
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim() || '–';
}
