import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PermanentError } from '../../../app/domain/errors.ts';
import type { Cursor } from '../../connector.ts';
import { moment, type Row } from '../fields.ts';
import type { UserFormat } from '../formats.ts';

const instant = z.iso.datetime().transform((text) => Date.parse(text));

const cursorSchema = z.strictObject({
  /** When it was last read to the end. */
  read: instant,
  /** What told the drafts apart when their lines were read, and when that was. */
  drafts: z.string().optional(),
  lines: instant.optional(),
});

/** How far the exceptions were read; instants in ms since the epoch. */
export interface Position {
  read: number;
  drafts: string | null;
  lines: number | null;
}

export const writePosition = ({ read, drafts, lines }: Position): Cursor => ({
  read: new Date(read).toISOString(),
  ...(drafts === null || lines === null ? {} : { drafts, lines: new Date(lines).toISOString() }),
});

/** Throws PermanentError `cursor_unreadable` for a cursor of somebody else. */
export function readPosition(cursor: Cursor): Position {
  const parsed = cursorSchema.safeParse(cursor);
  if (!parsed.success)
    throw new PermanentError(
      'cursor_unreadable',
      'The stored cursor of the feed cannot be read; read it from the start.',
      { cause: parsed.error },
    );
  const { read, drafts = null, lines = null } = parsed.data;
  return { read, drafts, lines };
}

const minuteMs = 60_000;
/** Their lines are read again after so long, whatever the stamps say. */
const lineAgeMs = 60 * minuteMs;
/** A stamp has seconds only, and is visible some time later. */
const settledMs = 5 * minuteMs;

/** What tells these drafts from others, by their stamps. */
export function fingerprintOf(drafts: readonly Row[]): string {
  const stamps = drafts.map((row) => `${row.get('RECORDNO')} ${row.get('WHENMODIFIED')}`).sort();
  return createHash('sha256').update(JSON.stringify(stamps)).digest('base64url').slice(0, 16);
}

/** Whether the lines of the drafts are what they were when they were last read: reading them is billed. */
export function linesAreKnown(drafts: readonly Row[], position: Position | null, at: number, format: UserFormat) {
  if (position === null || position.lines === null || position.drafts !== fingerprintOf(drafts)) return false;
  const { lines } = position;
  if (at - lines > lineAgeMs) return false;
  return drafts.every((row) => {
    const stamp = moment(row, 'WHENMODIFIED', format);
    return stamp !== null && lines - stamp > settledMs;
  });
}
