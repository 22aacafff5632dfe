import type { Knex } from 'knex';
import type { Feed } from '../../connectors/connector.ts';
import { connectorById } from '../../connectors/index.ts';
import { linksAccounts } from '../accounts/links.ts';
import { type CurrentRoute, loadCurrentRoutes } from '../connections/apply/current.ts';
import { type DocumentKind, documentKinds } from '../domain/document.ts';

/** What a route can be set up on: one connection of the installation, with the routes that it has. */
export interface RouteConnection {
  id: string;
  name: string;
  timeZone: string;
  erp: string;
  /** Whether people can link accounts of their own to it. */
  linksAccounts: boolean;
  /** Whether documents can carry fields that the ERP's customers added. */
  hasCustomFields: boolean;
  /** Of the kinds that are read, or that a route in force asks for. */
  feeds: Array<Feed & { kind: DocumentKind }>;
  /** In their order, retired ones too. */
  routes: CurrentRoute[];
}

/** Undefined where the installation has no such connection: an id in a form may be anything. */
export async function loadRouteConnection(
  db: Knex,
  installationId: string,
  connectionId: string,
): Promise<RouteConnection | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(connectionId)) return undefined;
  const row = await db('connections')
    .where({ id: connectionId, installation_id: installationId })
    .first('id', 'name', 'time_zone', 'connector', 'settings');
  const connector = row && connectorById(row.connector);
  if (!connector) return undefined;
  const routes = await loadCurrentRoutes(db, row.id);
  const asked = routes.flatMap(({ kind, retired_at }) => (retired_at === null ? [kind] : []));
  const known = new Set<string>([...(await db('feeds').where({ connection_id: row.id }).pluck('kind')), ...asked]);
  const feeds = documentKinds.flatMap((kind) => {
    const feed = connector.feeds[kind];
    return feed && known.has(kind) ? [{ ...feed, kind }] : [];
  });
  return {
    ...{ id: row.id, name: row.name, timeZone: row.time_zone, erp: connector.title, feeds, routes },
    linksAccounts: linksAccounts(connector, row.settings),
    hasCustomFields: connector.hasCustomFields ?? false,
  };
}

/** The connection of a route of the installation. */
export async function connectionOfRoute(
  db: Knex,
  installationId: string,
  routeId: string,
): Promise<string | undefined> {
  if (!/^\d{1,18}$/.test(routeId)) return undefined;
  const row = await db('routes as r')
    .join('connections as n', 'n.id', 'r.connection_id')
    .where({ 'r.id': routeId, 'n.installation_id': installationId })
    .first('n.id');
  return row?.id;
}

export interface NamedConnection {
  id: string;
  name: string;
}

/** Connections whose name holds what was typed, at most `limit`. */
export function findConnections(
  db: Knex,
  installationId: string,
  limit: number,
  typed = '',
): Promise<NamedConnection[]> {
  return db('connections')
    .where({ installation_id: installationId })
    .whereRaw('strpos(lower(name), ?) > 0', [typed.trim().toLowerCase()])
    .orderByRaw('lower(name)')
    .limit(limit)
    .select('id', 'name');
}
