import { PermanentError } from '../../app/domain/errors.ts';
import type { ConnectContext, ControlRow } from '../connector.ts';
import { type Api, archivedToo } from './api.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { isUnsaved, readControlValues, readStamp, type Stamp } from './document.ts';
import type { WireRecord } from './fields.ts';
import type { Kind } from './kinds/kind.ts';
import { readByPages } from './pages.ts';
import { type Fetched, Pass, type PassPage } from './pass.ts';
import { kindInWords } from './profile.ts';
import { listPath, type Slice } from './queries.ts';
import { readByWindows } from './windows.ts';

const dayMs = 24 * 3_600_000;
/** A slim row is a tenth of a whole document, or less. */
const slimmer = 10;
const pageMost = 2_000;

interface Row {
  stamp: Stamp;
  record: WireRecord;
}

/**
 * Every record in slim rows, in the same two ways as the reading, since lists have no order and rows shift while they are
 * read. Archived records come too: what was archived is not gone. Where the site cannot list the values in one query,
 * the keys come alone.
 */
export async function* readControl(
  { api, credentials, now }: Pick<ConnectContext<AcumaticaCredentials>, 'credentials' | 'now'> & { api: Api },
  kind: Kind,
  since: string | null,
  signal: AbortSignal,
): AsyncGenerator<ControlRow[]> {
  const what = kindInWords(kind);
  const firstRead = now() - credentials.read_from_days * dayMs;
  const from = since === null ? firstRead : Math.min(Date.parse(since), firstRead);
  let keysOnly = false;

  async function fetchRows(slice: Slice): Promise<Fetched<Row>> {
    const answer = await api.list(listPath(kind, slice, keysOnly ? 'keys' : 'control'), what, signal, archivedToo);
    if ('problem' in answer) {
      if (keysOnly) throw new PermanentError('refused_by_erp', `Acumatica cannot even list the keys of ${what}.`);
      keysOnly = true;
      return fetchRows(slice);
    }
    return { rows: answer.records.map((record) => ({ stamp: readStamp(record, kind), record })), clock: answer.clock };
  }

  async function* pages(): AsyncGenerator<PassPage<Row>> {
    const size = Math.min(pageMost, credentials.page_size * slimmer);
    const pass = new Pass<Row>({ since: from, start: null, highest: from }, size, fetchRows);
    if (!(yield* readByPages(pass, { skip: 0, seam: null }))) yield* readByWindows(pass, from);
  }

  for await (const { rows } of pages()) {
    yield rows
      .filter(({ stamp }) => !isUnsaved(stamp))
      .map(({ stamp: { type, reference, modifiedAt }, record }) => ({
        ...{ key: `${type}|${reference}`, type, reference },
        values: 'Status' in record ? readControlValues(record, kind) : null,
        modifiedAt: new Date(modifiedAt).toISOString(),
      }));
  }
}
