import type { Knex } from 'knex';
import type { Page } from '../../connectors/connector.ts';
import type { ThreadLine } from '../cards/thread.ts';
import type { DocumentKind, ErpDocument } from '../domain/document.ts';
import { exceptionNews } from '../domain/exceptions.ts';
import { documentName } from '../domain/kinds.ts';
import { wantChecks } from '../push/receive.ts';
import { wakeSql } from '../queue/wake.ts';

/** What the thread of an exception is told where its change has a name of its own. */
export function exceptionLine(before: ErpDocument | null, after: ErpDocument): ThreadLine | null {
  const { exception, modifiedAt, status } = after;
  const at = modifiedAt ?? new Date().toISOString();
  const news = exceptionNews(before, after);
  if (!exception || !news) return null;
  return news === 'over'
    ? { type: 'over', status, outcome: exception.outcome ?? 'it is no longer so', at }
    : { type: 'again', name: documentName(after), severity: exception.severity, at };
}

/**
 * Exceptions that are there again and stand in a digest leave it: nobody looks into an old digest. Each gets a card of its
 * own, or waits for the next digest where its route gathers.
 */
export async function bringBack(trx: Knex.Transaction, documentIds: readonly string[]): Promise<void> {
  if (documentIds.length === 0) return;
  await trx.raw(
    `with held as (
       select c.id, c.digest_id, r.digest_cadence is null as alone from cards c join routes r on r.id = c.route_id
       where c.document_id = any(?::bigint[]) and c.state = 'digested' and c.digest_id is not null and r.retired_at is null
       order by c.id for update of c
     ), out as (
       update cards c set digest_id = null, state = case when held.alone then 'pending' else 'digested' end
       from held where c.id = held.id returning c.lane_id
     ), left_behind as (
       update cards set desired_version = desired_version + 1, wanted_at = clock_timestamp()
       where id in (select digest_id from held) returning lane_id
     )
     select ${wakeSql('deliver-lane', 'lane_id')} from (
       select lane_id from out union select lane_id from left_behind order by lane_id
     ) as lanes_with_work`,
    [[...documentIds]],
  );
}

/**
 * SQL, of `feeds`: all but exceptions that nobody hears of. What a reading costs where the ERP bills it is spent only where
 * a route sends exceptions somewhere, or a card that stands still says that one is open.
 */
export const readsOnlyWhatIsAsked = `(feeds.kind <> 'exception'
  or exists (select 1 from routes r
             where r.connection_id = feeds.connection_id and r.kind = 'exception' and r.retired_at is null)
  or exists (select 1 from documents d join cards c on c.document_id = d.id
             where d.connection_id = feeds.connection_id and d.kind = 'exception' and d.gone_at is null
               and d.data ->> 'phase' = 'waiting'))`;

/** Has those looked at that are known as open, of types that were read whole, and that the reading did not hold. */
export async function checkLeftOut(
  trx: Knex.Transaction,
  connectionId: string,
  kind: DocumentKind,
  { types, keys }: NonNullable<Page['whole']>,
): Promise<void> {
  const { rows } = await trx.raw<{ rows: Array<{ key: string }> }>(
    `select key from documents
     where connection_id = ? and kind = ? and gone_at is null and data ->> 'phase' = 'waiting'
       and data ->> 'type' = any(?::text[]) and not (key = any(?::text[]))`,
    [connectionId, kind, [...types], [...keys]],
  );
  await wantChecks(
    trx,
    connectionId,
    kind,
    rows.map(({ key }) => key),
    0,
  );
}
