import type { Knex } from 'knex';
import { loadRoutes } from '../connections/routes.ts';
import { shownFields } from '../domain/custom.ts';
import { stillWaits } from '../domain/routing.ts';
import { wantChecks } from '../push/receive.ts';
import { wantCardsBy } from './store.ts';

const atOnce = 1_000;

/**
 * Gives the documents that were known before a route was set up, and still wait for a decision, their cards by it. Goes
 * through them page by page, each page one transaction, so that it goes on where it was when a process is killed.
 */
export async function catchUpRoute(db: Knex, routeId: string, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    const more = await db.transaction((trx) => catchUpOnce(trx, routeId));
    if (!more) return;
  }
}

async function catchUpOnce(trx: Knex.Transaction, routeId: string): Promise<boolean> {
  const row = await trx('route_catch_ups').where({ route_id: routeId }).forUpdate().skipLocked().first();
  if (!row) return false;
  const connection = await trx('routes as r')
    .join('connections as n', 'n.id', 'r.connection_id')
    .where('r.id', routeId)
    .first('n.id', 'n.installation_id', 'r.kind');
  // A page that is being stored by the routes of before is waited for; the next one knows this route.
  if (Number(row.after_document) === 0)
    await trx('feeds').where({ connection_id: connection.id, kind: connection.kind }).forShare().select('id');
  const routes = await loadRoutes(trx, connection.id);
  const route = routes.find(({ id }) => id === routeId);
  const documents = route
    ? await trx('documents')
        .where({ connection_id: connection.id, kind: connection.kind, gone_at: null })
        .whereRaw(`(data -> 'actions' <> '[]' or (kind = 'exception' and data ->> 'phase' = 'waiting'))`)
        .where('id', '>', row.after_document)
        .orderBy('id')
        .limit(atOnce)
        .select('id', 'data')
    : [];
  if (route) {
    const waiting = documents
      .map(({ id, data }) => ({ id: String(id), document: data }))
      .filter(({ document }) => stillWaits(document, route));
    const scope = { installationId: connection.installation_id, connectionId: connection.id, routes };
    await wantCardsBy(trx, scope, routeId, waiting);
    // What is stored may have been read before a route asked for these fields.
    const lacking = waiting.filter(
      ({ document }) => shownFields(document, route.customFields).length < route.customFields.length,
    );
    const keys = lacking.map(({ document }) => document.key);
    await wantChecks(trx, connection.id, connection.kind, keys, 0);
  }
  if (documents.length === atOnce) {
    await trx('route_catch_ups')
      .where({ route_id: routeId })
      .update({ after_document: documents.at(-1)?.id });
    return true;
  }
  await trx('route_catch_ups').where({ route_id: routeId }).delete();
  return false;
}
