import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { substanceHash } from '../../app/domain/changes.ts';
import { sampleDocument } from '../support/documents.ts';

export const sizes = { connections: 50, routes: 200, waiting: 500, people: 50 };

/**
 * Connections, routes and documents that wait for each of these people, each with a card that stands in its channel.
 * Nothing is read: every feed waits for its next try, long after the bench.
 */
export async function fill(db: Knex, people: string[]): Promise<void> {
  const installation = await db('installations').first('id');
  const names = Array.from(
    { length: sizes.connections },
    (_, index) => `company ${String(index + 1).padStart(2, '0')}`,
  );
  const connections = await db('connections')
    .insert(
      names.map((name) => ({
        id: randomUUID(),
        installation_id: installation.id,
        name,
        connector: 'acumatica',
        time_zone: 'Europe/London',
        settings: '{}',
        secret: 'none',
      })),
    )
    .returning('id');
  const later = db.raw(`clock_timestamp() + interval '1 year'`);
  const feed = { kind: 'bill', cadence: '0 0 1 1 *', last_read_at: db.fn.now(), next_attempt_at: later };
  await db('feeds').insert(connections.map(({ id }) => ({ connection_id: id, ...feed })));
  const deciders = JSON.stringify(people.map((user) => ({ user })));
  const perConnection = sizes.routes / sizes.connections;
  const routes = await db('routes')
    .insert(
      Array.from({ length: sizes.routes }, (_, index) => ({
        connection_id: connections[Math.floor(index / perConnection)].id,
        name: `bills of group ${index + 1}`,
        position: index % perConnection,
        kind: 'bill',
        conditions: JSON.stringify({ vendors: [`V${index}`], amountAtLeast: '1000', currency: 'GBP' }),
        channel: `C0BENCH${String(index).padStart(3, '0')}`,
        deciders,
        actions: ['approve', 'reject'],
      })),
    )
    .returning(['id', 'connection_id', 'channel']);
  const lanes = await db('lanes')
    .insert(routes.map(({ channel }) => ({ installation_id: installation.id, channel })))
    .returning('id');
  const documents = Array.from({ length: sizes.waiting }, (_, index) =>
    sampleDocument(index, `V${index % sizes.routes}`),
  );
  const ids = await db('documents')
    .insert(
      documents.map((data, index) => ({
        connection_id: routes[index % sizes.routes].connection_id,
        kind: data.kind,
        key: data.key,
        reference: data.reference,
        status: data.status,
        hash: substanceHash(data),
        substance: substanceHash(data),
        data: JSON.stringify(data),
      })),
    )
    .returning('id');
  await db('cards').insert(
    documents.map((data, index) => ({
      lane_id: lanes[index % sizes.routes].id,
      route_id: routes[index % sizes.routes].id,
      document_id: ids[index].id,
      state: 'posted',
      posted_version: 1,
      message_id: '1700000000.000100',
      shown: JSON.stringify(data),
      shown_hash: 'x',
    })),
  );
  await db.raw('analyze');
}
