import type { Knex } from 'knex';
import type { ErpDocument } from '../domain/document.ts';

/** A document that a digest stands for, or once stood for. */
export interface DigestMember {
  documentId: string;
  document: ErpDocument;
  gone: boolean;
}

/** The documents of a digest, the largest first, one page of them; and how many there are. */
export async function digestMembers(
  db: Knex,
  digestId: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ total: number; members: DigestMember[] }> {
  const count = await db('cards').where({ digest_id: digestId }).count('* as total').first();
  const { rows } = await db.raw<{ rows: DigestMember[] }>(
    `select d.id::text as "documentId", d.data as document, d.gone_at is not null as gone
     from cards m join documents d on d.id = m.document_id where m.digest_id = ?
     order by (d.data #>> '{amount,value}')::numeric desc nulls last, d.id limit ? offset ?`,
    [digestId, limit, offset],
  );
  return { total: Number(count?.total ?? 0), members: rows };
}
