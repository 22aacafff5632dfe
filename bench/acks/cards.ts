import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { substanceHash } from '../../app/domain/changes.ts';
import { sampleDocument } from '../support/documents.ts';

/**
 * Cards that stand in their channel, one a click. Another person's decision on each is waiting for its next try, so that
 * what is measured is the click: its own decision is stored, its job is woken, looks and leaves it until then.
 */
export async function addCards(db: Knex, connectionId: string, count: number): Promise<string[]> {
  const route = await db('routes').where({ connection_id: connectionId }).first();
  const installation = await db('installations').first('id');
  const [lane] = await db('lanes').insert({ installation_id: installation.id, channel: 'C0CLICKED0' }).returning('id');
  const tickets: string[] = [];
  for (let made = 0; made < count; made += 500) {
    const documents = Array.from({ length: Math.min(500, count - made) }, (_, index) => {
      const data = sampleDocument(made + index, 'V0001');
      return { data, substance: substanceHash(data), cardKey: randomUUID() };
    });
    const ids = await db('documents')
      .insert(
        documents.map(({ data, substance }) => ({
          connection_id: connectionId,
          kind: data.kind,
          key: data.key,
          reference: data.reference,
          status: data.status,
          hash: substance,
          substance,
          data: JSON.stringify(data),
        })),
      )
      .returning('id');
    const cards = await db('cards')
      .insert(
        documents.map(({ data, cardKey }, index) => ({
          key: cardKey,
          lane_id: lane.id,
          route_id: route.id,
          document_id: ids[index].id,
          state: 'posted',
          posted_version: 1,
          message_id: '1700000000.000100',
          shown: JSON.stringify(data),
          shown_hash: 'x',
        })),
      )
      .returning('id');
    await db('decisions').insert(
      documents.map(({ substance }, index) => ({
        click_key: randomUUID(),
        document_id: ids[index].id,
        card_id: cards[index].id,
        action: 'reject',
        person: 'U0ANOTHER0',
        seen: substance,
        state: 'acting',
        next_attempt_at: 'infinity',
      })),
    );
    tickets.push(...documents.map(({ substance, cardKey }) => `${cardKey}.${substance}`));
  }
  return tickets;
}
