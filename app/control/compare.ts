import type { Knex } from 'knex';
import { wake } from '../queue/wake.ts';
import type { Run } from './run.ts';

/** So many documents gone at once is more likely a lost right than a deletion. */
const goneMost = { count: 20, share: 0.5 };

/**
 * Whether each listed kind was read to its end since it was listed; where not, has it read. Until then a document that
 * was just changed looks like one whose change was missed.
 */
export async function isReadSince(db: Knex, run: Run): Promise<boolean> {
  const behind: Array<{ id: string; reading: boolean }> = await db('control_kinds as k')
    .join('feeds as f', (join) =>
      join.on('f.kind', 'k.kind').andOn('f.connection_id', db.raw('?::uuid', [run.connectionId])),
    )
    .where({ 'k.run_id': run.id, 'k.agree': null })
    .whereNotNull('k.listed_at')
    .whereRaw('(f.last_started_at > k.listed_at and f.last_read_at >= f.last_started_at) is not true')
    .select('f.id', db.raw('(f.lease_owner is not null and f.last_started_at > k.listed_at) as reading'));
  const idle = behind.filter(({ reading }) => !reading).map(({ id }) => String(id));
  await wake(db, 'read-feed', idle);
  return behind.length === 0;
}

/**
 * Compares what was listed in this round with what is stored, kind by kind: totals for each branch and currency, and
 * every difference by name. What was stored after the listing began is newer than the list, and agrees. Gives how many
 * differ.
 */
export async function compareListed(trx: Knex, run: Run): Promise<number> {
  const kinds: string[] = await trx('control_kinds')
    .where({ run_id: run.id, problem: null, agree: null })
    .whereNotNull('listed_at')
    .pluck('kind');
  let differing = 0;
  for (const kind of kinds) {
    const { agree, differ, gone } = await compareKind(trx, run, kind);
    const unlikely = gone > goneMost.count && gone > (agree + differ) * goneMost.share;
    await trx('control_kinds').where({ run_id: run.id, kind }).update({ agree, gone_unlikely: unlikely });
    differing += differ;
  }
  return differing;
}

interface Compared {
  agree: number;
  differ: number;
  gone: number;
}

async function compareKind(trx: Knex, { id, connectionId, round }: Run, kind: string): Promise<Compared> {
  const { rows } = await trx.raw<{ rows: [Compared] }>(
    `with listed as (
       select listed_from from control_kinds where run_id = :id and kind = :kind
     ), there as (
       select key, type, reference, told, status, amount, case when amount is null then '' else coalesce(currency, '') end as currency,
         coalesce(branch, '') as branch, modified_at
       from control_rows where run_id = :id and kind = :kind
     ), here as (
       select key, data ->> 'type' as type, reference, version, status, gone_at is null as is_here,
         (data #>> '{amount,value}')::numeric as amount, coalesce(data #>> '{amount,currency}', '') as currency,
         coalesce(data ->> 'branch', '') as branch, modified_at, greatest(changed_at, gone_at) >= listed_from as is_newer
       from documents, listed where connection_id = :connectionId and kind = :kind
     ), both_sides as (
       select key, coalesce(h.type, t.type, '') as type, coalesce(h.reference, t.reference) as reference, h.version,
         coalesce(h.is_here, false) as is_here,
         case when h.is_newer then h.is_here else t.key is not null end as is_there,
         -- What the list does not tell is taken as it is stored.
         h.amount, h.currency, h.branch,
         case when h.is_newer or not coalesce(t.told, true) then h.amount else t.amount end as amount_there,
         case when h.is_newer or not coalesce(t.told, true) then h.currency else t.currency end as currency_there,
         case when h.is_newer or not coalesce(t.told, true) then h.branch else t.branch end as branch_there,
         case when t.key is null or h.is_newer or not h.is_here then '{}' else array_remove(array[
           case when t.told and t.status <> h.status then 'status' end,
           case when t.told and t.amount is distinct from h.amount then 'amount' end,
           case when t.told and t.currency <> h.currency then 'currency' end,
           case when t.told and t.branch <> h.branch then 'branch' end,
           case when t.modified_at > h.modified_at then 'modified' end], null) end as fields
       from here h full join there t using (key)
     ), judged as materialized (
       select *, case when is_there and not is_here then 'missing' when is_here and not is_there then 'gone'
         when is_here and fields <> '{}' then 'changed' end as sort
       from both_sides
     ), named as (
       insert into control_differences (run_id, kind, key, type, reference, sort, fields, version, still)
       select :id, :kind, key, type, reference, sort, fields, version, :round > 1 from judged where sort is not null
       on conflict (run_id, kind, key) do update set still = true
     ), totalled as (
       insert into control_totals (run_id, round, kind, branch, currency, documents_there, sum_there, documents_here, sum_here)
       select :id, :round, :kind, branch, currency, sum(there), sum(amount_there), sum(here), sum(amount_here) from (
         select coalesce(branch_there, '') as branch, coalesce(currency_there, '') as currency, 1 as there,
           amount_there, 0 as here, null::numeric as amount_here from judged where is_there
         union all
         select branch, currency, 0, null, 1, amount from judged where is_here
       ) as sides group by branch, currency
     )
     select count(*) filter (where sort is null and is_here)::int as agree,
       count(*) filter (where sort is not null)::int as differ, count(*) filter (where sort = 'gone')::int as gone
     from judged`,
    { id, kind, connectionId, round },
  );
  return rows[0];
}
