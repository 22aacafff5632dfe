import type { Knex } from 'knex';
import type { ActionName, ErpDocument, Money, Severity } from '../domain/document.ts';

/** What a digest says of the documents that it stands for, as they are now. */
export interface DigestFigures {
  count: number;
  totals: Money[];
  /** The largest group first; `status` is null for those that the ERP no longer has. */
  states: Array<{ status: string | null; count: number }>;
  /** How many can be decided now, by one of the given actions, and nobody's decision is on its way for. */
  waiting: number;
  /** Those with the largest amounts; of exceptions, what matters most first and what is over last. */
  largest: ErpDocument[];
  /** Exceptions that last, what matters most first. */
  exceptions?: Array<{ severity: Severity; type: string; count: number }>;
}

/** The figures of a digest: counted by the database, so ten thousand documents cost no more memory than ten. */
export async function loadDigest(
  db: Knex,
  digestId: string,
  actions: readonly ActionName[],
  connectionId: string,
): Promise<DigestFigures & { timeZone: string; gathered: Gathered | null }> {
  const result = await db.raw<{ rows: [DigestRow] }>(
    `with members as materialized (
       select d.id, d.gone_at, case when d.gone_at is null then d.status end as status,
         (d.data #>> '{amount,value}')::numeric as amount, d.data #>> '{amount,currency}' as currency,
         case when d.kind = 'exception' and data ->> 'phase' = 'closed' then 3
           else array_position(array['critical', 'warning'], data #>> '{exception,severity}') end as rank,
         d.kind, data ->> 'phase' as phase, data ->> 'type' as type, data #>> '{exception,severity}' as severity,
         jsonb_exists_any(d.data -> 'actions', :actions::text[]) as possible
       from cards m join documents d on d.id = m.document_id where m.digest_id = :digestId and m.state = 'digested'
     )
     select
       (select json_agg(t) from (select sum(amount)::text as value, currency
         from members where amount is not null and gone_at is null group by currency order by sum(amount) desc) t) as totals,
       (select json_agg(s) from (select status, count(*)::int as count from members group by 1 order by 2 desc, 1) s) as states,
       (select count(*)::int from members m where possible and gone_at is null and not exists (
         select 1 from decisions x where x.document_id = m.id and x.state in ('stored', 'acting'))) as waiting,
       (select json_agg(d.data order by l.rank nulls last, l.amount desc nulls last, d.id) from (
         select id, amount, coalesce(rank, 2.5) as rank from members where gone_at is null
         order by 3, amount desc nulls last, id limit 10) l
         join documents d using (id)) as largest,
       (select json_agg(e) from (select severity, type, count(*)::int as count from members
         where kind = 'exception' and gone_at is null and phase <> 'closed' group by severity, type, rank
         order by rank nulls last, 3 desc, type) e) as exceptions,
       (select digest from cards where id = :digestId) as gathered,
       (select time_zone from connections where id = :connectionId) as "timeZone"`,
    { digestId, actions: [...actions], connectionId },
  );
  const [{ totals, states, largest, exceptions, ...rest }] = result.rows;
  const count = (states ?? []).reduce((sum, state) => sum + state.count, 0);
  return {
    ...rest,
    count,
    totals: totals ?? [],
    states: states ?? [],
    largest: largest ?? [],
    exceptions: exceptions ?? [],
  };
}

interface DigestRow {
  totals: Money[] | null;
  states: DigestFigures['states'] | null;
  waiting: number;
  largest: ErpDocument[] | null;
  exceptions: DigestFigures['exceptions'] | null;
  gathered: Gathered | null;
  timeZone: string;
}

/** What a route's digest says of the time since the one before, as it was when the digest was made. */
export interface Gathered {
  /** When the one before was made, an ISO instant; null for the route's first. */
  since: string | null;
  /** Documents of earlier digests that are in another state than the one before knew, the largest group first. */
  changed: Array<{ from: string; to: string; count: number }>;
}
