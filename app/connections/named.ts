import type { Knex } from 'knex';

/** The connections of an installation by name. */
export function connectionNames(db: Knex, installationId: string): Promise<Array<{ id: string; name: string }>> {
  return db('connections').where({ installation_id: installationId }).orderBy('name').select('id', 'name');
}
