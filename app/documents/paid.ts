import type { Knex } from 'knex';
import type { ThreadLine } from '../cards/thread.ts';
import type { ErpDocument } from '../domain/document.ts';
import { documentName } from '../domain/kinds.ts';
import { paidNews } from '../domain/paid.ts';

/** A line for the threads of a document's cards. */
export interface DocumentLine {
  document_id: string;
  line: ThreadLine;
}

/**
 * What the threads of paid documents are to be told of payments that were just stored. A change is seen once, by the
 * transaction that stores it, and so it is told once.
 */
export async function paidLines(
  trx: Knex.Transaction,
  connectionId: string,
  stored: ReadonlyArray<{ before: ErpDocument | null; document: ErpDocument }>,
): Promise<DocumentLine[]> {
  const news = stored.flatMap(({ before, document }) =>
    paidNews(before, document).map(({ paid, isPaid }) => ({
      kind: paid.kind,
      key: paid.key,
      line: {
        type: 'paid' as const,
        isPaid,
        name: documentName(document),
        status: document.status,
        amount: paid.amount === null ? null : { value: paid.amount, currency: document.amount?.currency ?? null },
        date: document.date,
      },
    })),
  );
  if (news.length === 0) return [];
  const result = await trx.raw<{ rows: DocumentLine[] }>(
    `select d.id as document_id, n.line from jsonb_to_recordset(?::jsonb) as n(kind text, key text, line jsonb)
     join documents d on d.connection_id = ? and d.kind = n.kind and d.key = n.key`,
    [JSON.stringify(news), connectionId],
  );
  return result.rows;
}
