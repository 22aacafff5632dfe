import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { Database } from '../storage/database.ts';
import { type AuditReport, ChainCheck } from './chain-check.ts';
import { exportVersion, parseEventLine } from './export.ts';
import { readEvents, readSeals } from './lines.ts';

export interface VerifyOptions {
  /** A head noted elsewhere; shows whether seals were removed at the end. */
  head?: string | undefined;
}

const digits = z.string().regex(/^\d+$/);
const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('countersign audit'), version: z.number() }),
  z.object({ type: z.literal('event'), id: digits }),
  z.object({
    type: z.literal('seal'),
    id: digits,
    from_id: digits,
    to_id: digits,
    events: digits,
    events_hash: z.string(),
    previous_hash: z.string(),
    sealed_at: z.string(),
    hash: z.string(),
  }),
  z.object({ type: z.literal('end') }),
]);

const endOfTime = '9223372036854775807';

/** Reads the whole record, in one consistent view and bounded memory, and says what is not as it was sealed. */
export async function verifyAudit(db: Database, { head }: VerifyOptions = {}): Promise<AuditReport> {
  const check = new ChainCheck(head);
  const settings = { isolationLevel: 'repeatable read', readOnly: true } as const;
  return db.transaction(async (trx) => {
    let sealedTo = '0';
    const early = await trx('audit_events').where('id', '<=', 0).count<{ count: string }[]>('*');
    if (Number(early[0]?.count) > 0)
      check.problem(`${early[0]?.count} events have ids that are never given: inserted.`);
    for await (const page of readSeals(trx)) {
      for (const seal of page) {
        for await (const events of readEvents(trx, seal.from_id, seal.to_id))
          for (const event of events) check.event(event);
        check.seal(seal);
        sealedTo = seal.to_id;
      }
    }
    for await (const events of readEvents(trx, sealedTo, endOfTime)) for (const event of events) check.event(event);
    return check.end();
  }, settings);
}

/** The same for a file that `exportAudit` wrote, without any database. */
export async function verifyExport(file: string, { head }: VerifyOptions = {}): Promise<AuditReport> {
  const check = new ChainCheck(head);
  let number = 0;
  let ended = false;
  for await (const text of linesOf(file)) {
    number += 1;
    const line = parseLine(text);
    const isHeader = line?.type === 'countersign audit' && line.version === exportVersion;
    if (number === 1 && !isHeader) throw new Error(`${file} is not an audit export of this version of Countersign.`);
    if (line?.type === 'event') check.event(parseEventLine(text));
    else if (line?.type === 'seal') check.seal(line);
    else if (!line) check.problem(`Line ${number} cannot be read.`);
    ended = line?.type === 'end';
  }
  if (!ended) check.problem('The file ends early: its last line is missing.');
  return check.end();
}

function parseLine(text: string): z.infer<typeof lineSchema> | null {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

// Not node:readline: it also breaks lines at U+2028, which JSON leaves as it is.
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest) yield rest;
}
