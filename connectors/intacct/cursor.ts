import { z } from 'zod';
import { PermanentError } from '../../app/domain/errors.ts';
import type { Cursor } from '../connector.ts';

const instant = z.iso.datetime().transform((text) => Date.parse(text));

const cursorSchema = z.strictObject({
  /** The pass reads what changed at or after this. */
  since: instant,
  /** When the pass began; with `since` alone no pass is under way. */
  start: instant.optional(),
  /** The number of the last row that was read. */
  after: z.string().regex(/^\d+$/).optional(),
  /** Up to when the audit history was read. */
  audited: instant.optional(),
  /** Rows read already that the next pass meets again; see `Seen`. */
  seen: z.string().optional(),
});

/** Where reading stands; instants in ms since the epoch. */
export interface Position {
  since: number;
  start: number | null;
  after: string | null;
  audited: number | null;
  seen: string;
}

const text = (at: number) => new Date(at).toISOString();

export function writeCursor({ since, start, after, audited, seen }: Position): Cursor {
  return {
    since: text(since),
    ...(start === null ? {} : { start: text(start) }),
    ...(after === null ? {} : { after }),
    ...(audited === null ? {} : { audited: text(audited) }),
    ...(seen === '' ? {} : { seen }),
  };
}

/** Throws PermanentError `cursor_unreadable` for a cursor of somebody else. */
export function readCursor(cursor: Cursor): Position {
  const parsed = cursorSchema.safeParse(cursor);
  if (!parsed.success)
    throw new PermanentError(
      'cursor_unreadable',
      'The stored cursor of the feed cannot be read; read it from the start.',
      { cause: parsed.error },
    );
  const { since, start = null, after = null, audited = null, seen = '' } = parsed.data;
  return { since, start, after, audited, seen };
}
