import type { Knex } from 'knex';

/** One line of the append-only record. `data` holds plain values, never a secret; `actor` is a person or a part of the app. */
export interface AuditEvent {
  /** What happened: noun and past participle, e.g. `card.posted`. */
  kind: string;
  installationId?: string | null;
  connectionId?: string | null;
  documentId?: string | null;
  cardId?: string | null;
  decisionId?: string | null;
  actor?: string | null;
  data?: Record<string, unknown>;
}

/** Stores any number of events in one statement, in the order given; in a transaction they stand or fall with it. */
export async function recordEvents(db: Knex, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    kind: event.kind,
    installation_id: event.installationId,
    connection_id: event.connectionId,
    document_id: event.documentId,
    card_id: event.cardId,
    decision_id: event.decisionId,
    actor: event.actor,
    data: event.data ?? {},
  }));
  await db.raw(
    `insert into audit_events (kind, installation_id, connection_id, document_id, card_id, decision_id, actor, data)
     select e.kind, e.installation_id, e.connection_id, e.document_id, e.card_id, e.decision_id, e.actor, e.data
     from rows from (jsonb_to_recordset(?::jsonb) as (kind text, installation_id uuid, connection_id uuid,
       document_id bigint, card_id bigint, decision_id bigint, actor text, data jsonb)) with ordinality as e
     order by e.ordinality`,
    [JSON.stringify(rows)],
  );
}
