import type { Knex } from 'knex';
import { type Change, lockSetUp, makeChanges } from '../connections/apply/changes.ts';
import { type CurrentRoute, loadCurrentRoutes } from '../connections/apply/current.ts';
import { planRetired, planRoute, type WantedRoute } from '../connections/apply/plan-routes.ts';
import { wake } from '../queue/wake.ts';

export interface RouteToSave {
  installationId: string;
  connectionId: string;
  /** Null: a new one. */
  routeId: string | null;
  /** The version that the form was filled from; of a new one null. */
  version: number | null;
  wanted: WantedRoute;
  actor: string;
  /** Also for documents that are known already and still wait for a decision. */
  catchUp: boolean;
}

export type Saved =
  | { outcome: 'saved' }
  | { outcome: 'name_taken' }
  /** Somebody else changed it since; `version` is the one to be known when it is to be changed all the same. */
  | { outcome: 'newer'; version: number; who: string | null; at: Date | null; changes: string[] }
  | { outcome: 'gone' };

/** Stores a route as the `apply` file would, in one transaction and never beside one. Saving twice does it once. */
export function saveRoute(db: Knex, asked: RouteToSave): Promise<Saved> {
  return db.transaction(async (trx) => {
    await lockSetUp(trx);
    const { installationId, connectionId, wanted, actor } = asked;
    const connection = await trx('connections')
      .where({ id: connectionId, installation_id: installationId })
      .first('id', 'name');
    if (!connection) return { outcome: 'gone' };
    const routes = await loadCurrentRoutes(trx, connectionId);
    const edited = routes.find(({ id }) => id === asked.routeId);
    if (asked.routeId !== null && (!edited || edited.retired_at !== null)) return { outcome: 'gone' };
    const named = routes.find(({ name, id }) => name === wanted.name && id !== asked.routeId);
    const current = edited ?? named;
    const position = edited ? edited.position : nextPosition(routes);
    const changes = planRoute(connection, current, { ...wanted, position }, actor);
    if (edited && named) return { outcome: 'name_taken' };
    if (named && named.retired_at === null) {
      // The same form sent twice: the first time it was saved.
      const again = planRoute(connection, named, { ...wanted, position: named.position }).length === 0;
      return { outcome: again ? 'saved' : 'name_taken' };
    }
    if (edited && edited.version !== asked.version && changes.length > 0)
      return { outcome: 'newer', version: edited.version, ...(await lastChange(trx, connectionId, edited.name)) };
    await makeChanges(trx, ofInstallation(installationId, changes), actor);
    if (asked.catchUp) {
      const { id } = await trx('routes').where({ connection_id: connectionId, name: wanted.name }).first('id');
      await trx('route_catch_ups').insert({ route_id: id }).onConflict('route_id').merge({ after_document: 0 });
      await wake(trx, 'catch-up-route', String(id));
    }
    return { outcome: 'saved' };
  });
}

export type Retired = { outcome: 'retired' | 'already'; name: string } | { outcome: 'unknown' };

/** Takes a route out of force; it can be taken up again by its name. */
export function retireRoute(
  db: Knex,
  { installationId, routeId, actor }: { installationId: string; routeId: string; actor: string },
): Promise<Retired> {
  return db.transaction(async (trx) => {
    await lockSetUp(trx);
    const row = await trx('routes as r')
      .join('connections as n', 'n.id', 'r.connection_id')
      .where({ 'r.id': routeId, 'n.installation_id': installationId })
      .first('r.id', 'r.name', 'r.retired_at', 'n.id as connection_id', 'n.name as connection_name');
    if (!row) return { outcome: 'unknown' };
    if (row.retired_at !== null) return { outcome: 'already', name: row.name };
    const connection = { id: row.connection_id, name: row.connection_name };
    await makeChanges(trx, ofInstallation(installationId, [planRetired(connection, row)]), actor);
    return { outcome: 'retired', name: row.name };
  });
}

function ofInstallation(installationId: string, changes: Change[]): Change[] {
  return changes.map((change) => ({ ...change, event: { ...change.event, installationId } }));
}

function nextPosition(routes: readonly CurrentRoute[]): number {
  return Math.max(0, ...routes.filter(({ retired_at }) => retired_at === null).map(({ position }) => position)) + 1;
}

async function lastChange(trx: Knex, connectionId: string, name: string) {
  const event = await trx('audit_events')
    .where({ connection_id: connectionId })
    .whereLike('kind', 'route.%')
    .whereRaw(`data ->> 'name' = ?`, [name])
    .orderBy('id', 'desc')
    .first('actor', 'at', 'data');
  const changes: unknown = event?.data.changes;
  return {
    who: event?.actor ?? null,
    at: event?.at ?? null,
    changes: Array.isArray(changes) ? changes.map(String) : [],
  };
}
