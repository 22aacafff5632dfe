import type { Knex } from 'knex';
import type { ErpConnection, LinkedDocument } from '../../connectors/connector.ts';
import type { ConnectionPool } from '../connections/open.ts';
import type { ErpDocument } from '../domain/document.ts';

/** A link and the stored document that it opens. */
export interface LinkedRow {
  link: string;
  documentId: string;
  connectionId: string;
  document: ErpDocument;
  connector: string;
  company: string;
  asOf: Date;
}

/**
 * The stored documents that these links open, in the connections of this installation alone. No ERP is asked: a link that
 * somebody shares causes no request. An address that leaves the company open counts only where one connection can be meant.
 */
export async function findLinkedDocuments(
  db: Knex,
  connections: ConnectionPool,
  installationId: string,
  links: readonly string[],
): Promise<LinkedRow[]> {
  const rows = await db('connections').where({ installation_id: installationId }).orderBy('created_at').select('id');
  let allOpened = true;
  const named: Array<LinkedDocument & { link: string; connectionId: string }> = [];
  for (const { id } of rows) {
    const erp = await opened(connections, id);
    allOpened &&= erp !== undefined;
    if (!erp?.keyFromLink) continue;
    for (const link of links) {
      // Some events carry addresses escaped, as in the text of a message.
      const address = link.replaceAll('&amp;', '&');
      const found = URL.canParse(address) ? erp.keyFromLink(new URL(address)) : null;
      if (found) named.push({ ...found, link, connectionId: id });
    }
  }
  const meant = named.filter(
    (each) => each.namesCompany || (allOpened && named.filter(({ link }) => link === each.link).length === 1),
  );
  return load(db, meant);
}

/** A connection whose credentials are no longer understood keeps nobody else's links bare. */
async function opened(connections: ConnectionPool, id: string): Promise<ErpConnection | undefined> {
  try {
    return (await connections.open(id)).erp;
  } catch {
    return undefined;
  }
}

async function load(db: Knex, named: Array<LinkedDocument & { link: string; connectionId: string }>) {
  if (named.length === 0) return [];
  const { rows } = await db.raw<{ rows: LinkedRow[] }>(
    `select w.link, d.id::text as "documentId", d.connection_id as "connectionId", d.data as document, n.connector,
       n.name as company, coalesce(f.last_read_at, d.changed_at) as "asOf"
     from jsonb_to_recordset(?::jsonb) as w(link text, "connectionId" uuid, kind text, key text)
     join documents d on d.connection_id = w."connectionId" and d.kind = w.kind and d.key = w.key and d.gone_at is null
     join connections n on n.id = d.connection_id
     left join feeds f on f.connection_id = d.connection_id and f.kind = d.kind`,
    [JSON.stringify(named)],
  );
  return rows;
}
