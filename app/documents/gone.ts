import type { Knex } from 'knex';
import type { ErpDocument } from '../domain/document.ts';
import { resemblingBills } from '../guards/neighbours.ts';
import { redrawDocument, redrawDocuments } from './redraw.ts';

/** Has the cards of a document drawn anew that is no longer in the ERP, and of those that warned of it. */
export async function redrawGone(
  trx: Knex.Transaction,
  connectionId: string,
  { id, before }: { id: string; before: ErpDocument },
): Promise<void> {
  const resembling = await resemblingBills(trx, connectionId, [{ id, before, document: null }]);
  await redrawDocument(trx, id);
  await redrawDocuments(
    trx,
    resembling.map((other) => other.id),
  );
}
