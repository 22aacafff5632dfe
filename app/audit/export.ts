import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../storage/database.ts';
import { type EventRow, eventColumns, readEvents, readSeals } from './lines.ts';

export const exportVersion = 1;
const endOfTime = '9223372036854775807';

/**
 * Writes the whole record as JSON Lines: a header, the events of each seal and then the seal, events not sealed yet, and
 * a last line that says that nothing is missing. One consistent view; `out` is not ended.
 */
export async function exportAudit(db: Database, out: Writable): Promise<void> {
  await pipeline(Readable.from(exportLines(db)), out, { end: false });
}

async function* exportLines(db: Database): AsyncGenerator<string> {
  const trx = await db.transaction({ isolationLevel: 'repeatable read', readOnly: true });
  try {
    yield line({ type: 'countersign audit', version: exportVersion });
    let upTo = '0';
    let events = 0;
    let seals = 0;
    const eventsBetween = async function* (after: string, until: string) {
      for await (const page of readEvents(trx, after, until)) {
        events += page.length;
        yield page.map(eventLine).join('');
      }
    };
    for await (const page of readSeals(trx)) {
      for (const seal of page) {
        yield* eventsBetween(seal.from_id, seal.to_id);
        yield line({ type: 'seal', ...seal });
        upTo = seal.to_id;
        seals += 1;
      }
    }
    yield* eventsBetween(upTo, endOfTime);
    yield line({ type: 'end', events, seals });
  } finally {
    await trx.rollback();
  }
}

const line = (value: object) => `${JSON.stringify(value)}\n`;

/** `data` comes last and exactly as PostgreSQL prints it: its hash is over that text. */
function eventLine(event: EventRow): string {
  const { data, ...fields } = event;
  return `${JSON.stringify({ type: 'event', ...fields }).slice(0, -1)},"data":${data}}\n`;
}

/** The event of a line that `exportAudit` wrote. */
export function parseEventLine(text: string): EventRow {
  const fields = JSON.parse(text) as Record<string, unknown>;
  const data = text.slice(text.indexOf(',"data":') + ',"data":'.length, -1);
  const row = { ...fields, data };
  return Object.fromEntries(
    eventColumns.map((column) => [column, row[column as keyof typeof row] ?? null]),
  ) as EventRow;
}
