import type { RequestHandler } from 'express';
import type { Row } from './ledger/row.ts';
import { labelOf } from './objects/object-type.ts';
import type { Parts } from './parts.ts';
import { escaped } from './xml/write.ts';

const linked = ['GLBATCH', 'APBILL', 'APPYMT', 'APADJUSTMENT'];

/** Where RECORD_URL leads: what the record is, for a person who follows a link. The real page wants a sign-in first. */
export function recordPage({ ledger, catalog }: Parts): RequestHandler {
  function find(url: string): [string, Row] | undefined {
    for (const object of linked) {
      for (const row of ledger.rows(object)) if (ledger.recordUrl(object, row).endsWith(url)) return [object, row];
    }
    return undefined;
  }
  return (request, response) => {
    const found = find(request.originalUrl.slice(request.originalUrl.indexOf('?')));
    response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'").type('html');
    if (!found) {
      response.status(404).send('<!DOCTYPE html><title>Not found</title><p>There is no such record.</p>');
      return;
    }
    const [object, row] = found;
    const state = catalog.get(object)?.fields.find(({ id }) => id === 'STATE');
    const title = `${object} ${row.RECORDID ?? row.BATCHNO ?? row.RECORDNO}`;
    const facts = {
      ...row,
      STATE: state ? labelOf(state, row, ledger) : null,
      WHENMODIFIED: typeof row.WHENMODIFIED === 'number' ? new Date(row.WHENMODIFIED).toISOString() : null,
    };
    const cells = Object.entries(facts).map(
      ([name, value]) => `<tr><th>${escaped(name)}</th><td>${escaped(String(value ?? ''))}</td></tr>`,
    );
    const style =
      'body{font:15px sans-serif;margin:2em}th{text-align:left;padding-right:2em;font-weight:normal;color:#666}';
    response.send(
      `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style>` +
        `<h1>${escaped(title)}</h1><table>${cells.join('')}</table></html>`,
    );
  };
}
