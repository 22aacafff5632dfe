import type { ErpDocument } from '../../app/domain/document.ts';
import { PermanentError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { ConnectContext, Cursor, Page } from '../connector.ts';
import { type Api, archivedToo } from './api.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { parseCursor } from './cursor.ts';
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
}

export function createReader(
  context: ConnectContext<AcumaticaCredentials>,
  kind: Kind,
  { api, site, names }: ReaderParts,
): Reader {
  const { credentials, now } = context;
  const what = kindInWords(kind);
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
    return records.map((record) => readDocument(record, kind, { site: address, tenant, actions, nameOf }));
  }

  async function fetchRows(slice: Slice, signal: AbortSignal): Promise<Fetched<Row>> {
    const askedAt = now();
    const answer = await api.list(listPath(kind, slice, singly ? 'keys' : 'whole'), what, signal);
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
        const complete = await api.record(idPath(kind, stamp.id), what, signal);
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

  async function findByKey(key: string, signal: AbortSignal): Promise<WireRecord | null> {
    const [, type = '', reference = ''] = /^([^|]+)\|(.+)$/.exec(key) ?? [];
    if (reference === '')
      throw new PermanentError('key_unreadable', `"${key}" is not the key of a ${documentWords(kind.kind).one}.`);
    if (!reference.includes('/')) return api.record(keyPath(kind, type, reference), what, signal, archivedToo);
    const answer = await api.list(keySearchPath(kind, type, reference), what, signal, archivedToo);
    const [found] = 'problem' in answer ? [] : answer.records;
    return found === undefined ? null : api.record(idPath(kind, readStamp(found, kind).id), what, signal, archivedToo);
  }

  return {
    async *read(cursor, signal) {
      for await (const { rows, cursor: next } of readPass(cursor, signal)) {
        const records = await completeRecords(rows, signal);
        yield { documents: await toDocuments(records, true, signal), cursor: next };
      }
    },
    async get(key, signal) {
      const record = await findByKey(key, signal);
      if (record === null) return null;
      const [document] = await toDocuments([record], false, signal);
      return document ?? null;
    },
  };
}
