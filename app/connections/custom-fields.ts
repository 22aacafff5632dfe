import type { Knex } from 'knex';
import type { DocumentKind } from '../domain/document.ts';
import { wake } from '../queue/wake.ts';

export type FieldsByKind = Partial<Record<DocumentKind, string[]>>;

/** A column of a query over `connections`: the custom fields that its routes in force ask for, by kind, each once. */
export function wantedFields(db: Knex): Knex.Raw {
  return db.raw(
    `(select jsonb_object_agg(kind, names) from (
        select r.kind, jsonb_agg(distinct field) as names from routes r, unnest(r.custom_fields) as field
        where r.connection_id = connections.id and r.retired_at is null group by r.kind
      ) as by_kind) as wanted_fields`,
  );
}

/**
 * Where a route names custom fields that it did not, documents that still wait for something and stand in its channel are
 * read again one by one, for what is stored does not have them yet.
 */
export async function readFieldsAnew(trx: Knex.Transaction, routeId: string): Promise<void> {
  const checks = await trx.raw<{ rows: Array<{ connection_id: string }> }>(
    `insert into document_checks (connection_id, kind, key, due_at)
     select d.connection_id, d.kind, d.key, clock_timestamp() from documents d
     where d.gone_at is null and d.data -> 'actions' <> '[]'
       and d.id in (select document_id from cards where route_id = ? and state not in ('dead', 'digested'))
     order by d.connection_id, d.kind, d.key
     on conflict (connection_id, kind, key) do nothing returning connection_id`,
    [routeId],
  );
  const connection = checks.rows[0]?.connection_id;
  if (connection) await wake(trx, 'check-documents', connection);
}
