import type { ErpDocument } from '../../app/domain/document.ts';
import { PermanentError } from '../../app/domain/errors.ts';
import type { ConnectContext, Cursor, Page } from '../connector.ts';
import type { Api } from './api.ts';
import { type BillStamp, readBill, readStamp } from './bill.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { parseCursor } from './cursor.ts';
import { textField, type WireRecord } from './fields.ts';
import { readByPages } from './pages.ts';
import { type Fetched, Pass, type PassPage } from './pass.ts';
import type { Site } from './profile.ts';
import { type BillSlice, billKeyPath, billKeyQuery, billPath, billsQuery } from './queries.ts';
import type { Vendors } from './vendors.ts';
import { readByWindows } from './windows.ts';

const dayMs = 24 * 3_600_000;

interface BillRow {
  stamp: BillStamp;
  record: WireRecord;
}

export interface Bills {
  read(cursor: Cursor | null, signal: AbortSignal): AsyncGenerator<Page>;
  get(key: string, signal: AbortSignal): Promise<ErpDocument | null>;
}

export function createBills(
  context: ConnectContext<AcumaticaCredentials>,
  { api, site, vendors }: { api: Api; site: Site; vendors: Vendors },
): Bills {
  const { credentials, now } = context;
  /** Set when this site cannot list what bills need in one query: then keys are listed and bills are read singly. */
  let singly = false;

  async function toDocuments(records: WireRecord[], bulk: boolean, signal: AbortSignal): Promise<ErpDocument[]> {
    const codes = records.map((record) => textField(record, 'Vendor')).filter((code) => code !== null);
    await vendors.learn(codes, bulk, signal);
    const { actions } = await site.profile(signal);
    const { site: address, tenant } = credentials;
    return records.map((record) => readBill(record, { site: address, tenant, actions, vendorName: vendors.nameOf }));
  }

  async function fetchRows(slice: BillSlice, signal: AbortSignal): Promise<Fetched<BillRow>> {
    const askedAt = now();
    const answer = await api.list('Bill', billsQuery(slice, singly), signal);
    if ('problem' in answer) {
      if (singly) throw new PermanentError('refused_by_erp', 'Acumatica cannot even list the keys of bills.');
      singly = true;
      return fetchRows(slice, signal);
    }
    // The clock of the answer is that of its end: what changed while it was compiled must not be taken for read.
    const clock = answer.clock === null ? null : answer.clock - Math.max(0, now() - askedAt);
    return { rows: answer.records.map((record) => ({ stamp: readStamp(record), record })), clock };
  }

  async function completeRecords(rows: BillRow[], signal: AbortSignal): Promise<WireRecord[]> {
    const records: WireRecord[] = [];
    for (const { stamp, record } of rows) {
      if (!singly || 'Status' in record) records.push(record);
      else {
        const complete = await api.record(billPath(stamp.id), signal);
        if (complete !== null) records.push(complete);
      }
    }
    return records;
  }

  async function* readPass(cursor: Cursor | null, signal: AbortSignal): AsyncGenerator<PassPage<BillRow>> {
    const since = now() - credentials.read_from_days * dayMs;
    const { state, position } =
      cursor === null
        ? { state: { since, start: null, highest: since }, position: { by: 'pages' as const, skip: 0, seam: null } }
        : parseCursor(cursor);
    const pass = new Pass<BillRow>(state, credentials.page_size, (slice) => fetchRows(slice, signal));
    if (position.by === 'windows') yield* readByWindows(pass, position.from);
    else if (!(yield* readByPages(pass, position))) yield* readByWindows(pass, state.since);
  }

  async function findByKey(key: string, signal: AbortSignal): Promise<WireRecord | null> {
    const [, type = '', reference = ''] = /^([^|]+)\|(.+)$/.exec(key) ?? [];
    if (reference === '') throw new PermanentError('key_unreadable', `"${key}" is not the key of a bill.`);
    if (!reference.includes('/')) return api.record(billKeyPath(type, reference), signal);
    const answer = await api.list('Bill', billKeyQuery(type, reference), signal);
    const [found] = 'problem' in answer ? [] : answer.records;
    return found === undefined ? null : api.record(billPath(readStamp(found).id), signal);
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
