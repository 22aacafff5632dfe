import type { Knex } from 'knex';
import { type Route, routeSchema } from '../domain/routing.ts';

/** The routes of a connection that are in force, in their order. */
export async function loadRoutes(db: Knex, connectionId: string): Promise<Route[]> {
  const rows = await db('routes')
    .where({ connection_id: connectionId, retired_at: null })
    .orderBy('position')
    .orderBy('id');
  return rows.map((row) => routeSchema.parse(row));
}
