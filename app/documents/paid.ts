import type { Knex } from 'knex';
import type { ThreadLine } from '../cards/thread.ts';
import type { ErpDocument } from '../domain/document.ts';
import { documentName } from '../domain/kinds.ts';
import { type PaidNews, paidNews, paysFor } from '../domain/paid.ts';

/** A line for the threads of a document's cards. */
export interface DocumentLine {
  document_id: string;
  line: ThreadLine;
  /** Only for the cards of this route; of every route unless given. */
  on_route?: string;
  /** Not for the cards of these. */
  not_on?: string[];
}

interface JustStored {
  id: string;
  before: ErpDocument | null;
  document: ErpDocument;
}

/**
 * What the threads of paid documents are to be told of payments, where one of the two was just stored. Each is told once,
 * by the transaction that stores the later of the two: the lock makes one of two at the same time the later.
 */
export async function paidLines(
  trx: Knex.Transaction,
  connectionId: string,
  stored: readonly JustStored[],
): Promise<DocumentLine[]> {
  const news = stored.flatMap(({ before, document }) =>
    paidNews(before, document).map((told) => ({ ...toLine(told, document), kind: told.paid.kind, key: told.paid.key })),
  );
  const added = stored.filter(({ before }) => before === null);
  if (news.length === 0 && added.length === 0) return [];
  await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [`countersign paid ${connectionId}`]);
  return [...(await ofPayments(trx, connectionId, news)), ...(await ofAdded(trx, connectionId, added))];
}

/** The documents that payments just stored pay, as far as they are known. */
async function ofPayments(
  trx: Knex.Transaction,
  connectionId: string,
  news: ReadonlyArray<{ kind: string; key: string; line: ThreadLine }>,
): Promise<DocumentLine[]> {
  if (news.length === 0) return [];
  const result = await trx.raw<{ rows: DocumentLine[] }>(
    `select d.id as document_id, n.line from jsonb_to_recordset(?::jsonb) as n(kind text, key text, line jsonb)
     join documents d on d.connection_id = ? and d.kind = n.kind and d.key = n.key`,
    [JSON.stringify(news), connectionId],
  );
  return result.rows;
}

/** Payments that were read before the document that they pay. */
async function ofAdded(
  trx: Knex.Transaction,
  connectionId: string,
  added: readonly JustStored[],
): Promise<DocumentLine[]> {
  if (added.length === 0) return [];
  const { rows } = await trx.raw<{ rows: Array<{ document_id: string; payment: ErpDocument }> }>(
    `select a.id as document_id, p.data as payment
     from jsonb_to_recordset(?::jsonb) as a(id bigint, kind text, key text)
     cross join lateral (
       select id, data from documents
       where connection_id = ? and gone_at is null and data -> 'applications' is not null
         and data -> 'applications' @> jsonb_build_array(jsonb_build_object('kind', a.kind, 'key', a.key))
     ) p
     order by p.data ->> 'date', p.id`,
    [JSON.stringify(added.map(({ id, document: { kind, key } }) => ({ id, kind, key }))), connectionId],
  );
  const byId = new Map(added.map(({ id, document }) => [String(id), document]));
  return rows.flatMap(({ document_id, payment }) => {
    const document = byId.get(String(document_id));
    const told = document && paysFor(payment, document);
    return told ? [{ document_id, ...toLine(told, payment) }] : [];
  });
}

function toLine({ paid, isPaid }: PaidNews, payment: ErpDocument): { line: ThreadLine } {
  const amount = paid.amount === null ? null : { value: paid.amount, currency: payment.amount?.currency ?? null };
  return {
    line: { type: 'paid', isPaid, name: documentName(payment), status: payment.status, amount, date: payment.date },
  };
}
