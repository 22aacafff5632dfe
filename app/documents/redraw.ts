import type { Knex } from 'knex';
import { wakeSql } from '../queue/wake.ts';

/** Has every card of the document drawn anew. */
export async function redrawDocument(db: Knex, documentId: string): Promise<void> {
  await db.raw(
    `with touched as (
       update cards set desired_version = desired_version + 1, wanted_at = clock_timestamp() where document_id = ? returning lane_id
     )
     select ${wakeSql('deliver-lane', 'lane_id')} from (select distinct lane_id from touched order by lane_id) as lanes_with_work`,
    [documentId],
  );
}
