import type { Knex } from 'knex';
import { wakeSql } from '../queue/wake.ts';

/**
 * Has every card of the document drawn anew, and the digests that it is in. Somebody waits for it: it goes before the
 * cards of documents that merely changed, of which a mass process makes thousands.
 */
export function redrawDocument(db: Knex, documentId: string): Promise<void> {
  return redrawAtOnce(db, [documentId]);
}

/** The same for many. */
export async function redrawAtOnce(db: Knex, documentIds: readonly string[]): Promise<void> {
  await db.raw(
    `with held as (
       ${cardsInOrder}
     ), touched as (
       update cards set desired_version = desired_version + 1, wanted_at = clock_timestamp() - interval '1 day'
       where id in (select id from held) returning lane_id
     )
     select ${wakeSql('deliver-lane', 'lane_id')} from (select distinct lane_id from touched order by lane_id) as lanes_with_work`,
    [[...documentIds]],
  );
  await redrawDigests(db, documentIds);
}

/** Whoever stores takes the cards in this order, so that no two hold what the other waits for. */
const cardsInOrder = 'select id from cards where document_id = any(?::bigint[]) order by id for no key update';

/** Holds the cards of all these documents for the transaction, for whoever touches them in more than one statement. */
export async function holdCards(trx: Knex.Transaction, documentIds: readonly string[]): Promise<void> {
  await trx.raw(cardsInOrder, [[...documentIds]]);
}

/**
 * Has the posted cards of these documents drawn anew because what stands around them changed. What is not posted yet is
 * drawn with it anyway, and digests say nothing of it.
 */
export async function redrawDocuments(db: Knex, documentIds: readonly string[]): Promise<void> {
  if (documentIds.length === 0) return;
  await db.raw(
    `with held as (
       select id from cards where document_id = any(?::bigint[]) and state not in ('dead', 'digested') order by id for no key update
     ), touched as (
       update cards set desired_version = desired_version + 1, wanted_at = clock_timestamp()
       where id in (select id from held) returning lane_id
     )
     select ${wakeSql('deliver-lane', 'lane_id')} from (select distinct lane_id from touched order by lane_id) as lanes_with_work`,
    [[...documentIds]],
  );
}

/** Has the cards drawn anew whose words on dates read differently by now. */
export async function redrawDated(db: Knex): Promise<void> {
  await db.raw(
    `with held as (
       select id from cards where redraw_at <= clock_timestamp() order by id limit 5000 for no key update skip locked
     ), touched as (
       update cards set desired_version = desired_version + 1, wanted_at = clock_timestamp(), redraw_at = null
       where id in (select id from held) returning lane_id
     )
     select ${wakeSql('deliver-lane', 'lane_id')} from (select distinct lane_id from touched order by lane_id) as lanes_with_work`,
  );
}

/**
 * Has the digests that hold these documents drawn anew. A statement of its own, after the one that touched their cards:
 * it sees a digest that took one of them in meanwhile.
 */
export async function redrawDigests(db: Knex, documentIds: readonly string[]): Promise<void> {
  await db.raw(
    `with held as (
       select id from cards where id in (
         select digest_id from cards where document_id = any(?::bigint[]) and state = 'digested' and digest_id is not null
       ) order by id for no key update
     ), digests as (
       update cards set desired_version = desired_version + 1, wanted_at = clock_timestamp()
       where id in (select id from held) returning lane_id
     )
     select ${wakeSql('deliver-lane', 'lane_id')} from (select distinct lane_id from digests order by lane_id) as lanes_with_work`,
    [[...documentIds]],
  );
}
