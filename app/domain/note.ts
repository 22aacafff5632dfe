import { cleanText } from './text.ts';

/** The same text however an ERP breaks its lines or trims their ends. */
function comparable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/** A note with one more entry at its end, on a line of its own. */
export function joinNote(before: string, entry: string): string {
  const text = before.replace(/\s+$/, '');
  return text === '' ? entry : `${text}\n${entry}`;
}

/** How often an entry stands in a note. */
export function timesInNote(note: string, entry: string): number {
  const sought = `\n${comparable(entry)}\n`;
  const text = `\n${comparable(note)}\n`;
  let times = 0;
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length - 1)) times += 1;
  return times;
}

export function endsWithNote(note: string, entry: string): boolean {
  return `\n${comparable(note)}`.endsWith(`\n${comparable(entry)}`);
}

const utcMinute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** One line of a name: nothing in it can pass for more than a name. */
function oneLine(text: string, most: number): string {
  return cleanText(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed();
}

/**
 * An entry as it stands in an ERP's note: when, who, what. Lines after the first are set in, so that only the app can
 * begin a line with a time and a name.
 */
export function noteEntry({
  at,
  who,
  by,
  text,
}: {
  at: Date;
  who: string;
  by?: string | undefined;
  text: string;
}): string {
  const lines = cleanText(text)
    .replace(/\r\n?|[\p{Zl}\p{Zp}\v\f\u0085]/gu, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim()
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : `    ${line}`));
  const recorder = by ? ` (recorded by ${oneLine(by, 80)})` : '';
  return `${utcMinute(at)}, ${oneLine(who, 80)} in Slack${recorder}: ${lines.join('\n')}`;
}

const longestName = 120;

/**
 * A file's name that any ERP takes: no path, no control character, nothing with a meaning in addresses, not endless. With
 * `id` in it, the same file has the same name and no other one has.
 */
export function attachmentName(name: string, id: string): string {
  const last = cleanText(name).split(/[\\/]/).at(-1) ?? '';
  const clean = last
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}<>:"|?*%&#+{}~$!'`@=;^]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const [, stem = '', ending = ''] = /^(.*?)((?:\.\w{1,8})?)$/u.exec(clean) ?? [];
  return `${(stem || 'file').slice(0, longestName).toWellFormed().trim()} (${id})${ending}`;
}
