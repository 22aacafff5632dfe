import type { Knex } from 'knex';
import type { ErpDocument } from '../domain/document.ts';
import { resemblingBills } from '../guards/neighbours.ts';
import { holdCards, redrawAtOnce, redrawDocuments } from './redraw.ts';

/** Has the cards of documents drawn anew that are no longer in the ERP, and of those that warned of them. */
export async function redrawGone(
  trx: Knex.Transaction,
  connectionId: string,
  gone: ReadonlyArray<{ id: string; before: ErpDocument }>,
): Promise<void> {
  const stored = gone.map(({ id, before }) => ({ id, before, document: null }));
  const resembling = (await resemblingBills(trx, connectionId, stored)).map(({ id }) => id);
  const ids = gone.map(({ id }) => id);
  await holdCards(trx, [...ids, ...resembling]);
  await redrawAtOnce(trx, ids);
  await redrawDocuments(trx, resembling);
}
