import type { Knex } from 'knex';
import type { ErpDocument } from '../domain/document.ts';

export interface FoundDocument {
  documentId: string;
  document: ErpDocument;
  connection: string;
  connector: string;
  gone: boolean;
  /** Its cards: the one in the channel asked from first. `gathered` is one that waits for its route's next digest. */
  cards: Array<{ channel: string; messageId: string | null; state: string }>;
}

/** Who looks, and from where. */
export interface Viewer {
  installationId: string;
  person: string;
  /** The channel in which they ask. */
  channel: string;
  isAdmin: boolean;
}

/**
 * The rule for who may see a document outside its card: administrators; whoever may decide it on a route in force; and
 * whoever asks in the channel that holds its card, or has that card as a direct message. `d` is the documents' alias.
 */
const visibleSql = `(:isAdmin or exists (
    select 1 from cards c join lanes l on l.id = c.lane_id join routes r on r.id = c.route_id
    where c.document_id = d.id and (
      (r.retired_at is null and r.deciders @> :me::jsonb)
      or (l.channel in (:channel, :person) and (c.state = 'posted' or (c.state = 'digested' and c.digest_id is not null))))))`;

/** Documents whose reference, vendor, customer or vendor's reference holds the text, the best match and the newest first. */
export function findDocuments(db: Knex, viewer: Viewer, text: string, limit: number): Promise<FoundDocument[]> {
  return query(
    db,
    viewer,
    `(strpos(lower(d.reference), :sought) > 0 or strpos(lower(d.data #>> '{vendor,code}'), :sought) > 0
      or strpos(lower(d.data #>> '{vendor,name}'), :sought) > 0 or strpos(lower(d.data #>> '{customer,code}'), :sought) > 0
      or strpos(lower(d.data #>> '{customer,name}'), :sought) > 0 or strpos(lower(d.data ->> 'vendorReference'), :sought) > 0)
      and ${visibleSql}
     order by lower(d.reference) = :sought desc, starts_with(lower(d.reference), :sought) desc, d.changed_at desc, d.id`,
    text.toLowerCase(),
    limit,
  );
}

/** Documents with exactly this reference (capitals do not matter), the newest first. */
export function documentsNamed(
  db: Knex,
  viewer: Viewer,
  reference: string,
  scope: 'visible' | 'decided by them',
): Promise<FoundDocument[]> {
  const decided = `(:isAdmin or exists (select 1 from cards c join routes r on r.id = c.route_id
    where c.document_id = d.id and r.retired_at is null and r.deciders @> :me::jsonb))`;
  return query(
    db,
    viewer,
    `d.reference in (:sought, upper(:sought), lower(:sought)) and ${scope === 'visible' ? visibleSql : decided}
     order by d.changed_at desc, d.id`,
    reference,
    20,
  );
}

/** Which of these documents the viewer may see; those of other installations are left out. */
export async function visibleAmong(db: Knex, viewer: Viewer, documentIds: string[]): Promise<Set<string>> {
  const { installationId, person, channel, isAdmin } = viewer;
  const { rows } = await db.raw<{ rows: Array<{ id: string }> }>(
    `select d.id::text as id from documents d join connections n on n.id = d.connection_id
     where n.installation_id = :installationId and d.id = any(:documentIds::bigint[]) and ${visibleSql}`,
    { installationId, person, channel, isAdmin, documentIds, me: JSON.stringify([{ user: person }]) },
  );
  return new Set(rows.map(({ id }) => id));
}

/** One document of a workspace, by its id. */
export async function documentById(
  db: Knex,
  workspace: string,
  documentId: string,
): Promise<Pick<FoundDocument, 'document' | 'connection' | 'connector' | 'gone'> | undefined> {
  const row = await db('documents as d')
    .join('connections as n', 'n.id', 'd.connection_id')
    .join('installations as i', 'i.id', 'n.installation_id')
    .where({ 'd.id': documentId, 'i.slack_key': workspace })
    .first('d.data', 'd.gone_at', 'n.name', 'n.connector');
  return row && { document: row.data, connection: row.name, connector: row.connector, gone: row.gone_at !== null };
}

async function query(
  db: Knex,
  { installationId, person, channel, isAdmin }: Viewer,
  condition: string,
  sought: string,
  limit: number,
): Promise<FoundDocument[]> {
  const me = JSON.stringify([{ user: person }]);
  const result = await db.raw<{ rows: FoundDocument[] }>(
    `with found as (
       select s.*, row_number() over () as rank
       from (select d.id, d.data, d.gone_at, n.name, n.connector from documents d join connections n on n.id = d.connection_id
             where n.installation_id = :installationId and ${condition} limit :limit) s
     )
     select f.id::text as "documentId", f.data as document, f.name as connection, f.connector, f.gone_at is not null as gone,
       coalesce((select json_agg(json_build_object('channel', l.channel, 'messageId', c.message_id,
                     'state', case when c.state = 'digested' and c.digest_id is null then 'gathered' else c.state end)
                   order by l.channel = :channel desc, c.id)
                 from cards c join lanes l on l.id = c.lane_id join routes r on r.id = c.route_id
                 where c.document_id = f.id and (:isAdmin or l.channel in (:channel, :person)
                   or (r.retired_at is null and r.deciders @> :me::jsonb))), '[]') as cards
     from found f order by f.rank`,
    { installationId, person, channel, isAdmin, me, sought, limit },
  );
  return result.rows;
}
