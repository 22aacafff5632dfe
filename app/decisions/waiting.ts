import type { Knex } from 'knex';
import { type ActionName, actionNames, type ErpDocument, type Money } from '../domain/document.ts';
import type { Figured } from '../domain/figures.ts';
import { mayDecide } from '../domain/policy.ts';
import type { Decider } from '../domain/routing.ts';

/** A document that one person may decide now, on the card that lets them. */
export interface WaitingDocument {
  documentId: string;
  document: ErpDocument;
  /** What this person may do with it there. */
  actions: ActionName[];
  /** With the custom fields of the card's route, what this person sees and what a click has to say (see `seenOf`). */
  substance: string;
  /** Which of the ERP's custom fields the route shows. */
  customFields: string[];
  cardKey: string;
  channel: string;
  /** Null while the card is not posted, or stands in a digest. */
  messageId: string | null;
  connectionId: string;
  connection: string;
  connector: string;
  /** Nothing is carried out while the connection is paused. */
  paused: boolean;
  since: Date;
}

interface Candidate {
  document_id: string;
  card_id: string;
  amount: Money | null;
  possible: string[];
  route_actions: string[];
  deciders: Decider[];
  gave_step: boolean;
}

/**
 * What waits for this person's decision in all connections, due soonest and oldest first, each document once: on a
 * route in force that lets them decide by amount and action, also where the card is in a digest or could not be posted.
 * A document that somebody's decision is on its way for, or of which the person gave their step, does not wait for them.
 */
export async function waitingFor(
  db: Knex,
  installationId: string,
  person: string,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<{ total: number; documents: WaitingDocument[] }> {
  const candidates = await db.raw<{ rows: Candidate[] }>(candidatesSql, {
    installationId,
    person,
    me: JSON.stringify([{ user: person }]),
  });
  const waiting = new Map<string, { cardId: string; actions: ActionName[] }>();
  for (const row of candidates.rows) {
    const known = waiting.get(row.document_id);
    const actions = possibleFor(person, row);
    if (actions.length > (known?.actions.length ?? 0)) waiting.set(row.document_id, { cardId: row.card_id, actions });
  }
  const page = [...waiting.values()].slice(offset, offset + limit);
  const details = await loadDetails(
    db,
    page.map(({ cardId }) => cardId),
  );
  const documents = page.flatMap(({ cardId, actions }) => {
    const found = details.get(cardId);
    return found ? [{ ...found, actions }] : [];
  });
  return { total: waiting.size, documents };
}

function possibleFor(person: string, row: Candidate): ActionName[] {
  const offered = actionNames.filter((name) => row.route_actions.includes(name));
  const route = { deciders: row.deciders, actions: offered };
  return offered.filter(
    (action) =>
      row.possible.includes(action) &&
      !(action === 'approve' && row.gave_step) &&
      mayDecide(person, action, row, route).reason === 'allowed',
  );
}

// Light rows, for all that may count; the documents themselves are loaded for one page only.
const candidatesSql = `
  select d.id as document_id, c.id as card_id, d.data -> 'amount' as amount, d.data -> 'actions' as possible,
    r.actions as route_actions, r.deciders,
    exists (select 1 from decisions s where s.document_id = d.id and s.person = :person
      and s.state = 'done' and s.outcome = 'step_approved' and s.finished_at > d.changed_at) as gave_step
  from connections n
  join documents d on d.connection_id = n.id and d.gone_at is null and d.data -> 'actions' <> '[]'
  join cards c on c.document_id = d.id
  join routes r on r.id = c.route_id and r.retired_at is null and r.deciders @> :me::jsonb
  where n.installation_id = :installationId
    and not exists (select 1 from decisions x where x.document_id = d.id and x.state in ('stored', 'acting'))
  order by d.data ->> 'dueDate' nulls last, d.first_seen_at, d.id, c.id`;

async function loadDetails(db: Knex, cardIds: string[]): Promise<Map<string, Omit<WaitingDocument, 'actions'>>> {
  if (cardIds.length === 0) return new Map();
  const rows = await db('cards as c')
    .join('lanes as l', 'l.id', 'c.lane_id')
    .join('routes as r', 'r.id', 'c.route_id')
    .join('documents as d', 'd.id', 'c.document_id')
    .join('connections as n', 'n.id', 'd.connection_id')
    .whereIn('c.id', cardIds)
    .select(
      'c.id as card_id',
      'c.key',
      'c.message_id',
      'l.channel',
      'd.id as document_id',
      'd.data',
      'd.substance',
      'r.custom_fields',
    )
    .select('d.first_seen_at', 'd.connection_id', 'n.name', 'n.connector', 'n.status');
  return new Map(
    rows.map((row) => [
      String(row.card_id),
      {
        documentId: String(row.document_id),
        document: row.data,
        substance: row.substance,
        customFields: row.custom_fields,
        cardKey: row.key,
        channel: row.channel,
        messageId: row.message_id,
        connectionId: row.connection_id,
        connection: row.name,
        connector: row.connector,
        paused: row.status === 'paused',
        since: row.first_seen_at,
      },
    ]),
  );
}

/** One of a person's own decisions, with how it ended. */
export interface OwnDecision {
  decisionId: string;
  action: ActionName;
  state: 'stored' | 'acting' | 'done' | 'refused' | 'dead';
  outcome: string | null;
  message: Figured | null;
  at: Date;
  documentId: string;
  document: ErpDocument;
  connection: string;
  connector: string;
  channel: string;
  messageId: string | null;
}

/** What a person decided lately, newest first. */
export async function decidedBy(
  db: Knex,
  installationId: string,
  person: string,
  limit: number,
): Promise<OwnDecision[]> {
  const rows = await db('decisions as x')
    .join('documents as d', 'd.id', 'x.document_id')
    .join('connections as n', 'n.id', 'd.connection_id')
    .join('cards as c', 'c.id', 'x.card_id')
    .join('lanes as l', 'l.id', 'c.lane_id')
    .where({ 'n.installation_id': installationId, 'x.person': person })
    .orderBy('x.id', 'desc')
    .limit(limit)
    .select(
      'x.id',
      'x.action',
      'x.state',
      'x.outcome',
      'x.message',
      'x.message_parts',
      'd.data',
      'n.name',
      'n.connector',
    )
    .select('l.channel', 'c.message_id', 'x.document_id', db.raw('coalesce(x.finished_at, x.created_at) as at'));
  return rows.map((row) => ({
    decisionId: String(row.id),
    action: row.action,
    state: row.state,
    outcome: row.outcome,
    message: row.message_parts ?? row.message,
    at: row.at,
    documentId: String(row.document_id),
    document: row.data,
    connection: row.name,
    connector: row.connector,
    channel: row.channel,
    messageId: row.message_id,
  }));
}
