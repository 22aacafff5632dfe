import type { Knex } from 'knex';
import type { ErpDocument } from '../domain/document.ts';
import { type Billed, likeness, plainReference } from '../domain/guards/alike.ts';
import { billedOf } from '../domain/guards/guards.ts';
import { billedSql } from './facts.ts';

/** A bill that was just stored: as it was known before, null where it is new, and as it is, null where it is gone. */
export interface StoredBill {
  id: string;
  before: ErpDocument | null;
  document: ErpDocument | null;
}

interface Key {
  vendor: string;
  amount: string;
}

type Row = Billed & Key & { id: string; status: string };

/** A vendor and an amount with more bills than this are not compared: each would resemble the others by chance. */
const bucketMost = 200;

/**
 * The other bills that warn of one of these, or warned of it as it was: their cards are to be drawn anew. One statement
 * for any number of documents.
 */
export async function resemblingBills(
  trx: Knex.Transaction,
  connectionId: string,
  stored: readonly StoredBill[],
): Promise<Array<{ id: string; status: string }>> {
  const sides = stored.flatMap(({ id, before, document }) => {
    const [was, is] = [before && sideOf(before), document && sideOf(document)];
    return JSON.stringify(was) === JSON.stringify(is)
      ? []
      : [was, is].flatMap((side) => (side ? [{ ...side, id }] : []));
  });
  if (sides.length === 0) return [];
  const keys = new Map(sides.map(({ vendor, amount }) => [keyOf({ vendor, amount }), { vendor, amount }]));
  const { rows } = await trx.raw<{ rows: Array<{ bills: Row[] }> }>(
    `select (select json_agg(json_build_object('id', n.id::text, 'vendor', k.vendor, 'amount', k.amount, ${billedSql})) from (
         select * from documents n
         where n.connection_id = ? and n.kind = 'bill' and n.gone_at is null
           and n.data #>> '{vendor,code}' = k.vendor and (n.data #>> '{amount,value}')::numeric = k.amount::numeric
         order by n.id desc limit ${bucketMost}
       ) n) as bills
     from jsonb_to_recordset(?::jsonb) as k(vendor text, amount text)`,
    [connectionId, JSON.stringify([...keys.values()])],
  );
  const buckets = new Map(rows.flatMap(({ bills }) => (bills?.[0] ? [[keyOf(bills[0]), bills]] : [])));
  const found = new Map<string, { id: string; status: string }>();
  for (const side of sides) {
    for (const other of buckets.get(keyOf(side)) ?? []) {
      if (other.id !== side.id && likeness(side, other)) found.set(other.id, { id: other.id, status: other.status });
    }
  }
  return [...found.values()];
}

const keyOf = ({ vendor, amount }: Key) => `${amount} ${vendor}`;

function sideOf(document: ErpDocument): (Billed & Key & { reference: string | null }) | null {
  const { kind, vendor, amount, vendorReference } = document;
  if (kind !== 'bill' || !vendor || !amount) return null;
  // What stands on the other's card counts too: its status, its date.
  return {
    ...billedOf(document),
    vendor: vendor.code,
    amount: amount.value,
    reference: plainReference(vendorReference),
  };
}
