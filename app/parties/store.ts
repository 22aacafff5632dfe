import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import { redrawDocuments } from '../documents/redraw.ts';
import type { ErpParty } from '../domain/party.ts';

export interface PartyScope {
  installationId: string;
  connectionId: string;
}

/** Makes of a party's data what may be stored; the same data give the same text. */
export type Fingerprint = (what: 'bank' | 'remittance', code: string, text: string | null) => string | null;

interface Changed {
  code: string;
  bank: boolean;
  remittance: boolean;
}

/**
 * Stores what the ERP says of parties now, as fingerprints. What was seen before and is another now counts as changed: the
 * cards of what is still to be paid to them are drawn anew and it is recorded. First sight is no change.
 */
export async function storeParties(
  trx: Knex.Transaction,
  scope: PartyScope,
  parties: readonly ErpParty[],
  fingerprint: Fingerprint,
): Promise<void> {
  const rows = parties.map(({ code, bank, remittance }) => ({
    code,
    bank: fingerprint('bank', code, bank),
    remittance: fingerprint('remittance', code, remittance),
  }));
  const { rows: changed } = await trx.raw<{ rows: Changed[] }>(
    `with incoming as (
       select distinct on (code) * from jsonb_to_recordset(:rows::jsonb) as i(code text, bank text, remittance text) order by code
     ), before as (
       select p.code, p.bank, p.remittance from parties p join incoming i using (code)
       where p.connection_id = :connectionId order by p.code for update of p
     ), stored as (
       insert into parties (connection_id, code, bank, remittance)
       select :connectionId, i.code, i.bank, i.remittance from incoming i left join before b using (code) order by i.code
       on conflict (connection_id, code) do update set
         bank = excluded.bank, remittance = excluded.remittance, seen_at = clock_timestamp(),
         bank_changed_at = case when parties.bank is distinct from excluded.bank then clock_timestamp() else parties.bank_changed_at end,
         remittance_changed_at = case when parties.remittance is distinct from excluded.remittance then clock_timestamp()
           else parties.remittance_changed_at end,
         version = case when (parties.bank, parties.remittance) is distinct from (excluded.bank, excluded.remittance)
           then parties.version + 1 else parties.version end
       returning code, bank, remittance
     )
     select s.code, s.bank is distinct from b.bank as bank, s.remittance is distinct from b.remittance as remittance
     from stored s join before b using (code)
     where (s.bank, s.remittance) is distinct from (b.bank, b.remittance)`,
    { rows: JSON.stringify(rows), connectionId: scope.connectionId },
  );
  if (changed.length === 0) return;
  await recordEvents(
    trx,
    changed.map(({ code, bank, remittance }) => ({
      kind: 'party.changed',
      ...scope,
      data: { code, bank, remittance },
    })),
  );
  await redrawDocuments(
    trx,
    await stillToPay(
      trx,
      scope.connectionId,
      changed.map(({ code }) => code),
    ),
  );
}

/** The documents of these vendors whose cards may warn. */
async function stillToPay(trx: Knex.Transaction, connectionId: string, codes: string[]): Promise<string[]> {
  const { rows } = await trx.raw<{ rows: Array<{ id: string }> }>(
    `select d.id::text as id from documents d
     where d.connection_id = :connectionId and d.kind in ('bill', 'payment') and d.data #>> '{vendor,code}' = any(:codes)
       and d.data ->> 'phase' not in ('closed', 'voided', 'rejected') and d.gone_at is null`,
    { connectionId, codes },
  );
  return rows.map(({ id }) => id);
}
