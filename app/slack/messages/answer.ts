import type { RichTextBlockElement, RichTextSection } from '@slack/types';
import { shorten } from '../../domain/text.ts';
import { escapeMrkdwn } from '../blocks.ts';

/** A piece of a line. Plain strings and labels are taken literally: nothing in them can mention, link or break out. */
export type Part =
  | string
  | { bold: string }
  | { code: string }
  | { person: string }
  | { channel: string }
  | { url: string; label: string }
  | { instant: Date };
export type Line = Part[];

/** What only the person who asked sees. */
export interface Answer {
  response_type: 'ephemeral';
  /** The same in words, for screen readers and notifications. */
  text: string;
  blocks: Array<{ type: 'rich_text'; elements: RichTextBlockElement[] }>;
}

/** Slack wants `text` up to 4,000 characters; an answer is to be shorter than that anyway. */
const longest = 3_500;
const longestPart = 400;

/** Lines as an answer to a command; what does not fit is left out and said so. */
export function answer(lines: Line[]): Answer {
  const kept: Line[] = [];
  let length = 0;
  for (const line of lines) {
    length += words(line).length + 1;
    if (length > longest) {
      kept.push(['… and more that does not fit here.']);
      break;
    }
    kept.push(line);
  }
  return {
    response_type: 'ephemeral',
    text: kept.map(words).join('\n'),
    blocks: [richText(kept)],
  };
}

/** Lines as one block. */
export function richText(lines: Line[]): Answer['blocks'][number] {
  const elements = lines.map(
    (line): RichTextSection => ({ type: 'rich_text_section', elements: line.flatMap(element) }),
  );
  return { type: 'rich_text', elements };
}

/** A line's strings alone, for where Slack takes plain text only. */
export function plainLine(line: Line): string {
  return plain(line.map((part) => (typeof part === 'string' ? part : 'bold' in part ? part.bold : '')).join(''));
}

function words(line: Line): string {
  return line.map(word).join('');
}

function word(part: Part): string {
  if (typeof part === 'string') return escapeMrkdwn(plain(part));
  if ('bold' in part) return escapeMrkdwn(plain(part.bold));
  if ('code' in part) return escapeMrkdwn(plain(part.code));
  if ('person' in part) return `<@${part.person}>`;
  if ('channel' in part) return isPerson(part.channel) ? `<@${part.channel}>` : `<#${part.channel}>`;
  if ('url' in part)
    return isAddress(part.url) ? `<${part.url}|${escapeMrkdwn(plain(part.label))}>` : escapeMrkdwn(plain(part.label));
  return utc(part.instant);
}

function element(part: Part): RichTextSection['elements'] {
  if (typeof part === 'string') return text(part);
  if ('bold' in part) return text(part.bold, { bold: true });
  if ('code' in part) return text(part.code, { code: true });
  if ('person' in part) return [{ type: 'user', user_id: part.person }];
  if ('channel' in part) {
    return [
      isPerson(part.channel) ? { type: 'user', user_id: part.channel } : { type: 'channel', channel_id: part.channel },
    ];
  }
  if ('url' in part)
    return isAddress(part.url) ? [{ type: 'link', url: part.url, text: plain(part.label) }] : text(part.label);
  const timestamp = Math.floor(part.instant.getTime() / 1_000);
  return [{ type: 'date', timestamp, format: '{date_short_pretty} at {time}', fallback: utc(part.instant) }];
}

function text(value: string, style?: { bold: true } | { code: true }): RichTextSection['elements'] {
  return value === '' ? [] : [{ type: 'text', text: plain(value), ...(style ? { style } : {}) }];
}

/** ERP text may hold line breaks and control characters; a piece of a line has none, and no mean length. */
function plain(value: string): string {
  return shorten(value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '), longestPart);
}

const isAddress = (url: string) => /^https?:\/\/[^\s<>|]+$/.test(url) && url.length <= 2_000;
const isPerson = (id: string) => /^[UW]/.test(id);
const utc = (instant: Date) => `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
