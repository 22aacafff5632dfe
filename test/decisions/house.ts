import { randomUUID } from 'node:crypto';
import type { ErpDocument } from '../../app/domain/document.ts';
import type { Database } from '../../app/storage/database.ts';

export interface House {
  installationId: string;
  connectionId: string;
}

/** An installation with one connection. */
export async function house(db: Database, installer: string | null = null): Promise<House> {
  const installationId = randomUUID();
  const connectionId = randomUUID();
  const slackKey = `T${installationId.slice(0, 8)}`;
  await db('installations').insert({
    id: installationId,
    slack_key: slackKey,
    team_id: slackKey,
    name: 'A company',
    installer_user_id: installer,
    secret: 'none',
  });
  await db('connections').insert({
    id: connectionId,
    installation_id: installationId,
    name: 'treasury',
    connector: 'acumatica',
    settings: '{}',
    secret: 'none',
  });
  return { installationId, connectionId };
}

export interface RouteRow {
  channel: string;
  deciders: unknown[];
  actions?: string[];
  retired?: boolean;
}

export async function addRoute(db: Database, { connectionId }: House, row: RouteRow): Promise<string> {
  const [route] = await db('routes')
    .insert({
      connection_id: connectionId,
      name: randomUUID(),
      position: 1,
      kind: 'bill',
      channel: row.channel,
      deciders: JSON.stringify(row.deciders),
      actions: row.actions ?? ['approve', 'reject'],
      retired_at: row.retired ? new Date() : null,
    })
    .returning('id');
  return String(route.id);
}

let count = 0;

/** A bill that waits for approval, as it is stored. */
export function bill(fields: Partial<ErpDocument> = {}): ErpDocument {
  count += 1;
  const reference = fields.reference ?? `B${count}`;
  return {
    kind: 'bill',
    key: `Bill/${reference}`,
    erpId: null,
    type: 'Bill',
    reference,
    status: 'Pending Approval',
    phase: 'waiting',
    vendor: { code: 'V1', name: 'Ashworth & Sons' },
    vendorReference: null,
    amount: { value: '1000.00', currency: 'GBP' },
    date: null,
    dueDate: null,
    description: null,
    terms: null,
    branch: null,
    lines: [{ description: 'A line', quantity: null, amount: '1000.00', account: null }],
    modifiedAt: null,
    actions: ['approve', 'reject'],
    link: 'https://erp.example.com/bill',
    ...fields,
  };
}

/** Stores documents with a card each on the route. Gives the ids of documents and cards, in the order given. */
export async function addCards(
  db: Database,
  { installationId, connectionId }: House,
  route: { id: string; channel: string },
  documents: ErpDocument[],
  card: Record<string, unknown> = { state: 'posted', message_id: '1.2' },
): Promise<Array<{ documentId: string; cardId: string }>> {
  const lane = { installation_id: installationId, channel: route.channel };
  const [{ id: laneId }] = await db('lanes')
    .insert(lane)
    .onConflict(['installation_id', 'channel'])
    .merge()
    .returning('id');
  const stored = await db('documents')
    .insert(
      documents.map((document) => ({
        connection_id: connectionId,
        kind: document.kind,
        key: document.key,
        reference: document.reference,
        status: document.status,
        hash: 'h',
        substance: `seen-${document.reference}`,
        data: JSON.stringify(document),
      })),
    )
    .onConflict(['connection_id', 'kind', 'key'])
    .merge(['hash'])
    .returning('id');
  const cards = await db('cards')
    .insert(stored.map(({ id }) => ({ lane_id: laneId, route_id: route.id, document_id: id, ...card })))
    .returning('id');
  return stored.map(({ id }, index) => ({ documentId: String(id), cardId: String(cards[index]?.id) }));
}
