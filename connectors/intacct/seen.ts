import { createHash } from 'node:crypto';
import type { Row } from './fields.ts';

/** Beyond so many, the oldest are read again instead of being remembered: the cursor is stored with each page. */
const rowsMost = 1500;
const minuteMs = 60_000;

/** What of a row tells that it changed: all that was asked for, since a stamp can be missing and has seconds only. */
export function contentOf(row: Row): string {
  return createHash('sha256')
    .update(JSON.stringify([...row].sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('base64url')
    .slice(0, 8);
}

/**
 * The rows that were read of late, with what they held. Each pass looks back for hours at what may have become visible
 * late; what it has read already it passes by, without its lines and so without their price.
 */
export class Seen {
  readonly #rows = new Map<string, { content: string; minute: number }>();

  constructor(text: string) {
    for (const entry of text.split(' ')) {
      const [row = '', content = '', minute = ''] = entry.split('.');
      if (row !== '' && content !== '') this.#rows.set(row, { content, minute: Number.parseInt(minute, 36) || 0 });
    }
  }

  has(row: string, content: string): boolean {
    return this.#rows.get(row)?.content === content;
  }

  /** `stampMs`: when it last changed, as far as that is known. */
  add(row: string, content: string, stampMs: number): void {
    this.#rows.set(row, { content, minute: Math.floor(stampMs / minuteMs) });
  }

  /** As text that fits into a cursor, without what changed before `sinceMs`. */
  text(sinceMs: number): string {
    const first = Math.floor(sinceMs / minuteMs);
    const kept = [...this.#rows].filter(([, { minute }]) => minute >= first);
    return kept
      .sort(([, a], [, b]) => b.minute - a.minute)
      .slice(0, rowsMost)
      .map(([row, { content, minute }]) => `${row}.${content}.${minute.toString(36)}`)
      .join(' ');
  }
}
