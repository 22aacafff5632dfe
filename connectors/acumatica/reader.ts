import type { ErpDocument, Phase } from '../../app/domain/document.ts';
import { PermanentError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { ConnectContext, Cursor, Page } from '../connector.ts';
import { type Api, archivedToo } from './api.ts';
import type { Approvals } from './approvals.ts';
import { archivedAmong } from './archive.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { parseCursor } from './cursor.ts';
import { createCustomFields } from './custom-fields.ts';
import { isUnsaved, readDocument, readStamp, type Stamp } from './document.ts';
import { textField, type WireRecord } from './fields.ts';
import type { Kind } from './kinds/kind.ts';
import type { Names } from './names.ts';
import { readByPages } from './pages.ts';
import { type Fetched, Pass, type PassPage } from './pass.ts';
import { kindInWords, type Site } from './profile.ts';
import { idPath, keyPath, keySearchPath, listPath, type Slice } from './queries.ts';
import { readByWindows } from './windows.ts';

const dayMs = 24 * 3_600_000;

const overPhases: ReadonlySet<Phase> = new Set(['closed', 'voided', 'posted', 'rejected']);

const archived = (document: ErpDocument): ErpDocument => ({ ...document, actions: [], archived: true });

function noticeOf(approvals: Approvals): Pick<Page, 'notice'> {
  const problem = approvals.problem();
  return problem === null ? {} : { notice: `Cards cannot say who is next: ${problem}` };
}

/** Custom fields that routes ask for, and those that the kind itself is read with. */
const withOutside = (names: readonly string[], outside: readonly string[]) => [...new Set([...names, ...outside])];

interface Row {
  stamp: Stamp;
  record: WireRecord;
}

/** Reads the documents of one kind. */
export interface Reader {
  read(cursor: Cursor | null, signal: AbortSignal): AsyncGenerator<Page>;
  get(key: string, signal: AbortSignal): Promise<ErpDocument | null>;
}

export interface ReaderParts {
  api: Api;
  site: Site;
  names: Record<'vendor' | 'customer', Names>;
  approvals: Approvals;
}

export function createReader(
  context: ConnectContext<AcumaticaCredentials>,
  kind: Kind,
  { api, site, names, approvals }: ReaderParts,
): Reader {
  const { credentials, now } = context;
  const what = kindInWords(kind);
  const custom = createCustomFields(context, kind, api);
  /** Lists show the archive only where that is wanted; documents that were looked up and not found are looked for there. */
  const listHeaders = credentials.archived === 'read' ? archivedToo : {};
  type Headers = Record<string, string>;
  const readRecord = (path: (names: string[]) => string, signal: AbortSignal, headers: Headers) =>
    custom.read(
      signal,
      async (names) => api.record(path(withOutside(names, await site.outside(kind, signal))), what, signal, headers),
      (record) => (record ? [record] : []),
    );
  /** Set when this site cannot list in one query what the kind needs: then keys are listed and records read singly. */
  let singly = false;

  async function toDocuments(records: WireRecord[], bulk: boolean, signal: AbortSignal): Promise<ErpDocument[]> {
    for (const party of ['vendor', 'customer'] as const) {
      const field = kind.fields[party];
      const codes = field === undefined ? [] : records.map((record) => textField(record, field));
      await names[party].learn(
        codes.filter((code) => code !== null),
        bulk,
        signal,
      );
    }
    const actions = await site.actions(kind, signal);
    const { site: address, tenant } = credentials;
    const nameOf = (party: keyof typeof names, code: string) => names[party].nameOf(code);
    const about = { site: address, tenant, actions, nameOf, custom: custom.names() };
    const documents = records.map((record) => readDocument(record, kind, about));
    return approvals.addTo(documents, signal);
  }

  async function fetchRows(slice: Slice, signal: AbortSignal): Promise<Fetched<Row>> {
    // Asked for before the list: keys alone need none of it.
    const outside = singly ? [] : await site.outside(kind, signal);
    const askedAt = now();
    const answer = singly
      ? await api.list(listPath(kind, slice, 'keys'), what, signal, listHeaders)
      : await custom.read(
          signal,
          (names) => api.list(listPath(kind, slice, withOutside(names, outside)), what, signal, listHeaders),
          (found) => ('problem' in found ? [] : found.records),
        );
    if ('problem' in answer) {
      if (singly) throw new PermanentError('refused_by_erp', `Acumatica cannot even list the keys of ${what}.`);
      singly = true;
      return fetchRows(slice, signal);
    }
    // The clock of the answer is that of its end: what changed while it was compiled must not be taken for read.
    const clock = answer.clock === null ? null : answer.clock - Math.max(0, now() - askedAt);
    return { rows: answer.records.map((record) => ({ stamp: readStamp(record, kind), record })), clock };
  }

  async function completeRecords(rows: Row[], signal: AbortSignal): Promise<WireRecord[]> {
    const records: WireRecord[] = [];
    for (const { stamp, record } of rows) {
      if (isUnsaved(stamp)) continue;
      if (!singly || 'Status' in record) records.push(record);
      else {
        const complete = await readRecord((names) => idPath(kind, stamp.id, names), signal, listHeaders);
        if (complete !== null) records.push(complete);
      }
    }
    return records;
  }

  async function* readPass(cursor: Cursor | null, signal: AbortSignal): AsyncGenerator<PassPage<Row>> {
    const since = now() - credentials.read_from_days * dayMs;
    const { state, position } =
      cursor === null
        ? { state: { since, start: null, highest: since }, position: { by: 'pages' as const, skip: 0, seam: null } }
        : parseCursor(cursor);
    const pass = new Pass<Row>(state, credentials.page_size, (slice) => fetchRows(slice, signal));
    if (position.by === 'windows') yield* readByWindows(pass, position.from);
    else if (!(yield* readByPages(pass, position))) yield* readByWindows(pass, state.since);
  }

  async function findByKey(key: string, signal: AbortSignal, headers: Headers): Promise<WireRecord | null> {
    const [, type = '', reference = ''] = /^([^|]+)\|(.+)$/.exec(key) ?? [];
    if (reference === '')
      throw new PermanentError('key_unreadable', `"${key}" is not the key of a ${documentWords(kind.kind).one}.`);
    if (!reference.includes('/')) return readRecord((names) => keyPath(kind, type, reference, names), signal, headers);
    const answer = await api.list(keySearchPath(kind, type, reference), what, signal, headers);
    const [found] = 'problem' in answer ? [] : answer.records;
    if (found === undefined) return null;
    const { id } = readStamp(found, kind);
    return readRecord((names) => idPath(kind, id, names), signal, headers);
  }

  /** Only what is over is ever archived, so nothing else is asked about. */
  async function withArchived(documents: ErpDocument[], records: WireRecord[], signal: AbortSignal) {
    if (credentials.archived !== 'read') return documents;
    const over = records.filter((_, index) => overPhases.has(documents[index]?.phase ?? 'other'));
    const ids = await archivedAmong(
      api,
      kind,
      over.map((record) => readStamp(record, kind)),
      signal,
    );
    return documents.map((document) => (ids.has(document.erpId ?? document.key) ? archived(document) : document));
  }

  return {
    async *read(cursor, signal) {
      for await (const { rows, cursor: next } of readPass(cursor, signal)) {
        const records = await completeRecords(rows, signal);
        const documents = await withArchived(await toDocuments(records, true, signal), records, signal);
        const unknownFields = custom.unknown();
        yield {
          documents,
          cursor: next,
          ...(unknownFields.length > 0 ? { unknownFields } : {}),
          ...noticeOf(approvals),
        };
      }
    },
    async get(key, signal) {
      const record = await findByKey(key, signal, {});
      // What was archived is there still, and no field says that it was: it is there only for who asks for the archive.
      const kept = record ?? (await findByKey(key, signal, archivedToo));
      if (kept === null) return null;
      const [document] = await toDocuments([kept], false, signal);
      return document ? (record === null ? archived(document) : document) : null;
    },
  };
}
