import { createHash } from 'node:crypto';
import type { Row } from './fields.ts';

/** Beyond so many, the oldest are read again instead of being remembered: the cursor is stored with each page. */
const rowsMost = 4000;
const minuteMs = 60_000;
/** 30 bits: of a thousand million changed rows one would be taken for unchanged. */
const digestLength = 5;

/** What of a row tells that it changed: all that was asked for, since a stamp can be missing and has seconds only. */
export function contentOf(row: Row): string {
  return createHash('sha256')
    .update(JSON.stringify([...row].sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('base64url')
    .slice(0, digestLength);
}

/**
 * The rows that were read of late, with what they held. Each pass looks back for hours at what may have become visible
 * late; what it has read already it passes by, without its lines and so without their price.
 */
export class Seen {
  readonly #rows = new Map<string, { content: string; minute: number }>();

  /** Out of `text`: by minute, number and digest of each row. */
  constructor(text: string) {
    for (const group of text.split(' ')) {
      const [when = '', rows = ''] = group.split(':');
      const minute = Number.parseInt(when, 36);
      if (Number.isNaN(minute)) continue;
      for (const entry of rows.split(',')) {
        const number = Number.parseInt(entry.slice(digestLength), 36);
        if (!Number.isNaN(number)) this.#rows.set(String(number), { content: entry.slice(0, digestLength), minute });
      }
    }
  }

  has(row: string, content: string): boolean {
    return this.#rows.get(row)?.content === content;
  }

  /** `stampMs`: when it last changed, as far as that is known. What changed before `sinceMs` is not met again. */
  add(row: string, content: string, stampMs: number, sinceMs: number): void {
    const minute = minuteOf(stampMs);
    // A first reading goes through years; numbers beyond what is exact are read again each time.
    if (minute >= minuteOf(sinceMs) && Number.isSafeInteger(Number(row))) this.#rows.set(row, { content, minute });
    else this.#rows.delete(row);
  }

  /** As text that fits into a cursor, without what changed before `sinceMs`. */
  text(sinceMs: number): string {
    const first = minuteOf(sinceMs);
    const kept = [...this.#rows].filter(([, { minute }]) => minute >= first);
    const newest = kept.sort(([, a], [, b]) => b.minute - a.minute).slice(0, rowsMost);
    const groups = Map.groupBy(newest, ([, { minute }]) => minute);
    return [...groups].map(([minute, rows]) => `${minute.toString(36)}:${rows.map(entryOf).join(',')}`).join(' ');
  }
}

const minuteOf = (ms: number) => Math.floor(ms / minuteMs);
const entryOf = ([row, { content }]: [string, { content: string }]) => `${content}${Number(row).toString(36)}`;
