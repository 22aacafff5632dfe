import type { Knex } from 'knex';
import type { GuardFacts } from '../domain/guards/guards.ts';

/** More neighbours than this are no sign of anything: a vendor with so many bills over one amount is billed so. */
const neighboursMost = 100;

/** What the guards look at in a bill `n`; found by the index `documents_alike`. */
export const billedSql = `'reference', n.reference, 'status', n.status, 'type', n.data ->> 'type', 'phase', n.data ->> 'phase',
  'vendorReference', n.data ->> 'vendorReference', 'currency', n.data #>> '{amount,currency}', 'date', n.data ->> 'date',
  'credit', n.data -> 'credit' is not null`;

/** SQL that yields the `GuardFacts` of a document `d` of a connection with the time zone `zone`; null for none. */
export const guardFactsSql = (zone: string) => `case when d.id is null then null else json_build_object(
  'today', (clock_timestamp() at time zone ${zone})::date,
  'neighbours', case when d.kind <> 'bill' then '[]'::json else coalesce((
    select json_agg(json_build_object(${billedSql})) from (
      select n.* from documents n
      where n.connection_id = d.connection_id and n.kind = d.kind and n.id <> d.id and n.gone_at is null
        and n.data #>> '{vendor,code}' = d.data #>> '{vendor,code}'
        and (n.data #>> '{amount,value}')::numeric = (d.data #>> '{amount,value}')::numeric
      order by n.id desc limit ${neighboursMost}
    ) n), '[]') end,
  'party', (select json_build_object('version', p.version,
      'bankChangedOn', (p.bank_changed_at at time zone ${zone})::date,
      'remittanceChangedOn', (p.remittance_changed_at at time zone ${zone})::date)
    from parties p where p.connection_id = d.connection_id and p.code = d.data #>> '{vendor,code}' and d.kind in ('bill', 'payment')),
  'approval', case when d.approval is not null then json_build_object('state', d.approval,
    'on', (d.approved_at at time zone ${zone})::date, 'document', d.approved) end) end`;

/** The same for many documents, by their ids. */
export async function loadGuardFacts(db: Knex, documentIds: readonly string[]): Promise<Map<string, GuardFacts>> {
  if (documentIds.length === 0) return new Map();
  const { rows } = await db.raw<{ rows: Array<{ id: string; facts: GuardFacts }> }>(
    `select d.id::text as id, ${guardFactsSql('c.time_zone')} as facts
     from documents d join connections c on c.id = d.connection_id where d.id = any(?::bigint[])`,
    [[...documentIds]],
  );
  return new Map(rows.map(({ id, facts }) => [id, facts]));
}
