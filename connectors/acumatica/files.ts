import type { ErpDocument } from '../../app/domain/document.ts';
import { UnclearError } from '../../app/domain/errors.ts';
import type { Attachment, WriteOutcome } from '../connector.ts';
import type { Api } from './api.ts';
import { isRecord, unexpected, type WireRecord } from './fields.ts';
import { kindNamed } from './kinds/index.ts';
import { gone, refusedWrite } from './notes.ts';
import { recordPath } from './record-path.ts';

/** Names come with the screen's name and the record's keys before a backslash. */
function namesOf(record: WireRecord): string[] {
  const { files } = record;
  if (files === undefined || files === null) return [];
  if (!Array.isArray(files)) throw unexpected('files that are no list');
  return files.flatMap((file) =>
    isRecord(file) && typeof file.filename === 'string'
      ? [file.filename.slice(file.filename.lastIndexOf('\\') + 1)]
      : [],
  );
}

const filesLink = /\/entity\/[^/]+\/[^/]+\/(files\/[\w.]+\/\w+\/[0-9a-f-]{36}\/)\{filename\}$/i;

/** Where a record takes files, below the endpoint: as it says itself, else, as older sites have it, below its keys. */
function pathFor(record: WireRecord, document: ErpDocument, name: string): string {
  const links = isRecord(record._links) ? record._links : {};
  const template = links['files:put'];
  const own = typeof template === 'string' ? filesLink.exec(template)?.[1] : undefined;
  return `${own ?? `${recordPath({ ...document, erpId: null })}/files/`}${encodeURIComponent(name)}`;
}

/** Files of documents. */
export function createFiles(api: Api) {
  const read = (document: ErpDocument, signal: AbortSignal) => {
    const { type, reference } = kindNamed(document.kind).key;
    return api.record(recordPath(document, `?$select=${type},${reference},files&$expand=files`), 'files', signal);
  };

  async function attachments(document: ErpDocument, signal: AbortSignal): Promise<string[] | null> {
    const record = await read(document, signal);
    return record && namesOf(record);
  }

  async function attach(
    { document, file }: { document: ErpDocument; file: Attachment },
    signal: AbortSignal,
  ): Promise<WriteOutcome> {
    const record = await read(document, signal);
    if (record === null) return gone;
    const headers = { 'PX-CbFileComment': 'From Slack' };
    const path = pathFor(record, document, file.name);
    const { problem } = await api.call({ method: 'PUT', path, body: file.content, headers, signal });
    if (problem) return refusedWrite(problem, 'keep the file');
    const names = await attachments(document, signal).catch((error) => {
      throw new UnclearError('Acumatica took the file, but its files could not be read back.', { cause: error });
    });
    if (names?.includes(file.name)) return { result: 'done' };
    throw new UnclearError('Acumatica took the file and does not show it.');
  }

  return { attachments, attach };
}
