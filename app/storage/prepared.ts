import type { Knex } from 'knex';

/**
 * Runs a statement that each connection parses and plans once: for the few that run with every message and whose
 * planning costs more than their work. The same name always means the same text.
 */
export async function prepared<R>(
  db: Knex,
  name: string,
  sql: string,
  bindings: Record<string, string | number | boolean | null>,
): Promise<R> {
  return (await db.raw(sql, bindings as Knex.ValueDict).options({ name })) as R;
}
