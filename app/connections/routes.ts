import type { Knex } from 'knex';
import { type Route, routeSchema } from '../domain/routing.ts';

/** The routes of a connection that are in force, in their order. */
export async function loadRoutes(db: Knex, connectionId: string): Promise<Route[]> {
  const rows = await db('routes')
    .where({ connection_id: connectionId, retired_at: null })
    .orderBy('position')
    .orderBy('id');
  return rows.map(toRoute);
}

/** A row of `routes` as the domain knows it. */
export function toRoute(row: { digest_cadence: string | null; act_as: string; custom_fields: string[] }): Route {
  const { digest_cadence: digestCadence, act_as: actAs, custom_fields: customFields } = row;
  return routeSchema.parse({ ...row, digestCadence, actAs, customFields });
}
