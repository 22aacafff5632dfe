import type { Knex } from 'knex';

/** Where a person points: a message, by the surface's own ids, from a request whose signature has been checked. */
export interface Spot {
  /** The installation's key: team or enterprise. */
  workspace: string;
  channel: string;
  /** Who points: a direct message's lane is named after its person. */
  person: string;
  messageId: string;
  /** The root of its thread. */
  thread: string | null;
}

/** One of our messages: a document's card, or a digest, which has no document. */
export interface StandingCard {
  cardId: string;
  laneId: string;
  routeId: string;
  documentId: string | null;
  installationId: string;
  connectionId: string;
  /** The lane's channel: a person's id for a direct message. */
  channel: string;
}

/** The card that stands at this message or at the head of its thread, lost copies included. */
export async function cardAt(db: Knex, spot: Spot): Promise<StandingCard | undefined> {
  const { rows } = await db.raw<{ rows: StandingCard[] }>(
    `select c.id::text as "cardId", l.id::text as "laneId", c.route_id::text as "routeId", c.document_id::text as "documentId",
       l.installation_id as "installationId", r.connection_id as "connectionId", l.channel
     from installations i
     join lanes l on l.installation_id = i.id and (l.channel = :channel or (:direct and l.channel = :person))
     cross join lateral (
       select id, route_id, document_id from cards where lane_id = l.id and message_id = any(:messages::text[])
       union all
       select id, route_id, document_id from cards where lane_id = l.id and copies <> '{}' and copies && :messages::text[]
     ) c
     join routes r on r.id = c.route_id
     where i.slack_key = :workspace and i.state = 'active'
     limit 1`,
    {
      workspace: spot.workspace,
      channel: spot.channel,
      direct: spot.channel.startsWith('D'),
      person: spot.person,
      messages: spot.thread ? [spot.messageId, spot.thread] : [spot.messageId],
    },
  );
  return rows[0];
}
