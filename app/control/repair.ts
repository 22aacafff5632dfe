import type { Knex } from 'knex';
import type { DocumentKind } from '../domain/document.ts';
import { wantChecks } from '../push/receive.ts';
import type { Run } from './run.ts';

const atOnce = 1_000;
/** A document that cannot be read again and again is waited for no longer. */
const triesMost = 3;

/** Has each document that differs read one by one: that is what is stored then, whatever the list said. */
export async function wantRepairs(trx: Knex.Transaction, run: Run): Promise<void> {
  const kinds: DocumentKind[] = await trx('control_differences').where({ run_id: run.id }).distinct().pluck('kind');
  for (const kind of kinds) {
    for (let after = ''; ; ) {
      const keys: string[] = await toRepair(trx, run)
        .where('d.kind', kind)
        .whereRaw('d.key collate "C" > ?', [after])
        .orderByRaw('d.key collate "C"')
        .limit(atOnce)
        .pluck('d.key');
      await wantChecks(trx, run.connectionId, kind, keys, 0);
      if (keys.length < atOnce) break;
      after = keys.at(-1) ?? '';
    }
  }
}

/** How many of them are still to be read. */
export async function repairsLeft(db: Knex, run: Run): Promise<number> {
  const row = await toRepair(db, run)
    .join('document_checks as c', (join) =>
      join
        .on('c.kind', 'd.kind')
        .andOn('c.key', 'd.key')
        .andOn('c.connection_id', db.raw('?::uuid', [run.connectionId])),
    )
    .where('c.attempts', '<', triesMost)
    .count('* as left')
    .first();
  return Number(row?.left ?? 0);
}

/** All but what is missing there in such numbers that nothing is made of it. */
function toRepair(db: Knex, run: Run): Knex.QueryBuilder {
  return db('control_differences as d')
    .join('control_kinds as k', (join) => join.on('k.run_id', 'd.run_id').andOn('k.kind', 'd.kind'))
    .where('d.run_id', run.id)
    .whereNot((unlikely) => unlikely.where('k.gone_unlikely', true).where('d.sort', 'gone'));
}

/** The second round: the kinds that differed are listed and compared again. */
export async function askAgain(trx: Knex.Transaction, run: Run): Promise<void> {
  await trx('control_kinds')
    .where({ run_id: run.id })
    .whereIn('kind', trx('control_differences').where({ run_id: run.id }).select('kind'))
    .update({ listed_at: null, agree: null });
}

/** A document that had merely been touched, and of which nothing that is stored has changed, did not differ. */
export async function dropHarmless(trx: Knex.Transaction, run: Run): Promise<void> {
  await trx.raw(
    `delete from control_differences x using documents d
     where x.run_id = ? and d.connection_id = ? and d.kind = x.kind and d.key = x.key
       and x.fields = '{modified}' and not x.still and d.version = x.version and d.gone_at is null`,
    [run.id, run.connectionId],
  );
}
