import { z } from 'zod';
import { PermanentError } from '../../app/domain/errors.ts';
import type { Cursor } from '../connector.ts';

const instant = z.iso.datetime().transform((text) => Date.parse(text));

const cursorSchema = z.strictObject({
  /** The pass reads what changed at or after this. */
  since: instant,
  /** The ERP's clock when the pass began; with `since` alone no pass is under way. */
  start: instant.optional(),
  /** The latest change seen in the pass. */
  highest: instant.optional(),
  /** Reading by pages: position and identity of the last row read. */
  skip: z.int().min(0).optional(),
  seam: z.string().optional(),
  /** Reading by time windows: everything before this is read. */
  from: instant.optional(),
});

/** Where a pass stands; instants in ms since the epoch. */
export interface PassState {
  since: number;
  start: number | null;
  highest: number;
}

export type Position = { by: 'pages'; skip: number; seam: string | null } | { by: 'windows'; from: number };

const text = (at: number) => new Date(at).toISOString();

export function passCursor({ since, start, highest }: PassState, position: Position): Cursor {
  const cursor: Cursor = { since: text(since), highest: text(highest) };
  if (start !== null) cursor.start = text(start);
  if (position.by === 'windows') cursor.from = text(position.from);
  else if (position.seam !== null) {
    cursor.skip = position.skip;
    cursor.seam = position.seam;
  }
  return cursor;
}

export const doneCursor = (since: number): Cursor => ({ since: text(since) });

/** Throws PermanentError `cursor_unreadable` for a cursor of somebody else. */
export function parseCursor(cursor: Cursor): { state: PassState; position: Position } {
  const parsed = cursorSchema.safeParse(cursor);
  if (!parsed.success)
    throw new PermanentError(
      'cursor_unreadable',
      'The stored cursor of the feed cannot be read; read it from the start.',
      {
        cause: parsed.error,
      },
    );
  const { since, start = null, highest = since, skip = 0, seam = null, from } = parsed.data;
  const position: Position = from === undefined ? { by: 'pages', skip, seam } : { by: 'windows', from };
  return { state: { since, start, highest }, position };
}
