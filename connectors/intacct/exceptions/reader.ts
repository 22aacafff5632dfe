import { type ErpDocument, severities } from '../../../app/domain/document.ts';
import type { ReconnectError } from '../../../app/domain/errors.ts';
import type { ConnectContext, Cursor, Page } from '../../connector.ts';
import type { IntacctCredentials } from '../credentials.ts';
import { type Row, recordNo, text } from '../fields.ts';
import type { Profile } from '../profile.ts';
import { oneOf } from '../query.ts';
import { overlapMs, type ReaderParts, showsPrivate } from '../reader.ts';
import type { Closing } from './close.ts';
import { exceptionOf, readKey } from './document.ts';
import { journalsToWatch, openPaymentsOf, paymentsToWatch } from './filters.ts';
import { createJournals, vendorsOf } from './gather.ts';
import { createLists, inPieces, type List } from './lists.ts';
import { fingerprintOf, linesAreKnown, readPosition, writePosition } from './position.ts';
import { type ErpRecord, readPayment } from './records.ts';
import type { Circumstances } from './sort.ts';
import { byLines, sorts, sortsOf } from './sorts/index.ts';

const dayMs = 24 * 3_600_000;
/** So long what happened once is told after it happened, where nothing was read meanwhile. */
const noticeMs = 7 * dayMs;

/** Reads what is wrong in the company, as it is now: a reading tells all of it. */
export interface ExceptionReader {
  read(cursor: Cursor | null, signal: AbortSignal): AsyncGenerator<Page>;
  /** What became of exceptions; those of records that are gone are left out. */
  getMany(keys: readonly string[], signal: AbortSignal): Promise<Map<string, ErpDocument>>;
}

export function createExceptionReader(
  { credentials, now }: ConnectContext<IntacctCredentials>,
  { api, profiles }: ReaderParts,
): ExceptionReader {
  const { stuck_days, close_after_days, page_size: pageOf } = credentials;
  const readLists = createLists(api, showsPrivate(credentials));
  const { journalsOf } = createJournals(readLists, now);

  /** Days begin and end by the clock of the user, on which the stamps are. */
  const closingOf = ({ format: { offsetMs } }: Profile): Closing | null =>
    close_after_days === undefined ? null : { afterDays: close_after_days, offsetMs };
  const circumstances = (profile: Profile, at: number): Circumstances => {
    return { at, stuckMs: stuck_days * dayMs, closing: closingOf(profile) };
  };

  const linesOf = (batches: readonly string[]): List[] =>
    inPieces(batches).map((piece) => ({ object: 'GLENTRY', filter: oneOf('BATCHNO', piece) }));

  async function* read(cursor: Cursor | null, signal: AbortSignal): AsyncGenerator<Page> {
    const position = cursor === null ? null : readPosition(cursor);
    const profile = await profiles.current(signal);
    const { format } = profile;
    const seenAt = now();
    const noticesSince = Math.min(now() - noticeMs, (position?.read ?? now()) - overlapMs);
    const first = await readLists(
      profile,
      [
        { object: 'GLBATCH', filter: journalsToWatch(profile, now(), closingOf(profile)) },
        { object: 'APPYMT', filter: paymentsToWatch(profile, noticesSince) },
      ],
      signal,
    );
    const at = first.clock;
    const [batches, paymentRows] = first.rows;
    const problems: ReconnectError[] = [];
    const allowed = (rows: Row[] | ReconnectError | undefined): Row[] | null => {
      if (Array.isArray(rows)) return rows;
      if (rows) problems.push(rows);
      return null;
    };
    const journalRows = allowed(batches);
    const payments = allowed(paymentRows)?.map((row) => readPayment(row, format)) ?? null;

    const drafts = (journalRows ?? []).filter((row) => text(row, ['STATE']) === 'Draft');
    const known = linesAreKnown(drafts, position, at, format);
    const entryLists = known ? [] : linesOf(drafts.map((row) => recordNo(row, 'GLBATCH')));
    const codes = (payments ?? []).flatMap(({ standing, vendor }) =>
      standing === 'open' && vendor ? vendor.code : [],
    );
    const vendorLists = inPieces([...new Set(codes)]).map(
      (piece): List => ({ object: 'VENDOR', filter: oneOf('VENDORID', piece) }),
    );
    const { rows } = await readLists(profile, [...entryLists, ...vendorLists], signal);
    const whole = (parts: Array<Row[] | ReconnectError>): Row[] | null => {
      const read = parts.map(allowed);
      return read.includes(null) ? null : read.flatMap((part) => part ?? []);
    };
    const entries = known ? null : whole(rows.slice(0, entryLists.length));
    const vendorRows = whole(rows.slice(entryLists.length));

    const records = [
      ...(journalRows ? await journalsOf(profile, journalRows, entries, signal) : []),
      ...(payments ?? []),
      ...(vendorRows && payments ? vendorsOf(profile, vendorRows, payments) : []),
    ];
    const documents = findAll(records, circumstances(profile, at), seenAt);
    const journalSorts = sorts.GLBATCH.filter(({ type }) => entries !== null || !byLines.has(type));
    const types = [
      ...(journalRows ? journalSorts : []),
      ...(payments ? sorts.APPYMT : []),
      ...(vendorRows && payments ? sorts.VENDOR : []),
    ].map(({ type }) => type);
    const keys = documents.map(({ key }) => key);
    const read = { read: position?.read ?? at, drafts: position?.drafts ?? null, lines: position?.lines ?? null };
    while (documents.length > pageOf) yield { documents: documents.splice(0, pageOf), cursor: writePosition(read) };
    const lines = entries ? { drafts: fingerprintOf(drafts), lines: at } : { drafts: read.drafts, lines: read.lines };
    yield { documents, cursor: writePosition({ read: at, ...lines }), whole: { types, keys } };
    // What may be read is told; what may not has to be mended by a person.
    const [problem] = problems;
    if (problem) throw problem;
  }

  return {
    read,
    async getMany(keys, signal) {
      signal.throwIfAborted();
      const asked = keys.flatMap((key) => readKey(key) ?? []);
      const numbers = (object: ErpRecord['object']) => [
        ...new Set(asked.flatMap((each) => (each.object === object ? each.number : []))),
      ];
      const [journals, payments, vendors] = [numbers('GLBATCH'), numbers('APPYMT'), numbers('VENDOR')];
      const profile = await profiles.current(signal);
      const byNumber = (object: List['object'], wanted: readonly string[]): List[] =>
        inPieces(wanted).map((piece) => ({ object, filter: oneOf('RECORDNO', piece) }));
      const unbalanced = asked.flatMap(({ number, sort }) => (byLines.has(sort.type) ? number : []));
      const lists = [
        ...byNumber('GLBATCH', journals),
        ...byNumber('APPYMT', payments),
        ...byNumber('VENDOR', vendors),
        ...linesOf([...new Set(unbalanced)]),
      ];
      if (lists.length === 0) return new Map();
      const seenAt = now();
      const { rows, clock } = await readLists(profile, lists, signal);
      const of = (object: List['object']) =>
        rows.flatMap((part, index) => {
          if (!Array.isArray(part)) throw part;
          return lists[index]?.object === object ? part : [];
        });
      const vendorRows = of('VENDOR');
      const codes = vendorRows.flatMap((row) => text(row, ['VENDORID']) ?? []);
      const open = inPieces(codes).map((piece): List => ({ object: 'APPYMT', filter: openPaymentsOf(profile, piece) }));
      const paid = (await readLists(profile, open, signal)).rows.flatMap((part) => {
        if (!Array.isArray(part)) throw part;
        return part.map((row) => readPayment(row, profile.format));
      });
      const records = [
        ...(await journalsOf(profile, of('GLBATCH'), unbalanced.length > 0 ? of('GLENTRY') : null, signal)),
        ...of('APPYMT').map((row) => readPayment(row, profile.format)),
        ...vendorsOf(profile, vendorRows, paid),
      ];
      const byRecord = new Map(records.map((record) => [`${record.object} ${record.number}`, record]));
      const conditions = circumstances(profile, clock);
      return new Map(
        asked.flatMap(({ object, number, sort }) => {
          const record = byRecord.get(`${object} ${number}`);
          if (!record) return [];
          const found = sort.find(record, conditions) ?? sort.end(record, conditions);
          const document = exceptionOf(sort, record, found, seenAt);
          return [[document.key, document] as const];
        }),
      );
    },
  };
}

/** All that is wrong with the records, what matters most first. */
function findAll(records: readonly ErpRecord[], now: Circumstances, seenAt: number): ErpDocument[] {
  const rank = ({ exception }: ErpDocument) => -severities.indexOf(exception?.severity ?? 'info');
  return records
    .flatMap((record) =>
      sortsOf(record.object).flatMap((sort) => {
        const finding = sort.find(record, now);
        return finding ? exceptionOf(sort, record, finding, seenAt) : [];
      }),
    )
    .sort((a, b) => rank(a) - rank(b));
}
