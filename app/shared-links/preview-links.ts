import type { Knex } from 'knex';
import type { Logger } from 'winston';
import { recordEvents } from '../audit/record.ts';
import type { ConnectionPool } from '../connections/open.ts';
import { loadRoutes } from '../connections/routes.ts';
import { visibleAmong } from '../documents/find.ts';
import { PermanentError, ReconnectError, RetryableError } from '../domain/errors.ts';
import { matchRoute } from '../domain/routing.ts';
import { isAdmin } from '../people/admins.ts';
import type { WorkspaceRoles } from '../people/slack-roles.ts';
import { wake } from '../queue/wake.ts';
import { findLinkedDocuments, type LinkedRow } from './find-documents.ts';
import type { LinkSurface } from './surface.ts';

export interface PreviewDeps {
  db: Knex;
  connections: ConnectionPool;
  roles: WorkspaceRoles;
  surface: LinkSurface;
  erpTitle: (connector: string) => string;
  log: Logger;
}

interface Shared {
  id: string;
  installation_id: string;
  channel: string;
  message_id: string;
  person: string;
  links: string[];
}

/** A preview that comes later than this is of no use to anybody. */
const latest = '10 minutes';

/** Looks at the links of one message and shows a preview of those documents that everybody there may see. */
export async function previewLinks(deps: PreviewDeps, id: string): Promise<void> {
  const { db } = deps;
  const { rows } = await db.raw<{ rows: Shared[] }>(
    `select s.* from shared_links s join installations i on i.id = s.installation_id and i.state = 'active'
     where s.id = ? and s.state = 'stored' and s.created_at > clock_timestamp() - interval '${latest}'`,
    [id],
  );
  const shared = rows[0];
  if (shared) {
    const delayMs = await show(deps, shared);
    if (delayMs !== undefined) return wake(db, 'preview-links', id, delayMs);
  }
  await db('shared_links').where({ id }).update({ state: 'done' });
}

/** Gives the wait that Slack asked for, where it did. */
async function show(deps: PreviewDeps, shared: Shared): Promise<number | undefined> {
  const { db, connections, surface, erpTitle, log } = deps;
  const found = await findLinkedDocuments(db, connections, shared.installation_id, shared.links);
  const seen = await seenThere(deps, shared, found);
  if (seen.length === 0) return undefined;
  const previews = new Map(
    seen.map(({ link, document, connector, company, asOf }) => [
      link,
      { document, erp: erpTitle(connector), company, asOf },
    ]),
  );
  const { installation_id: installationId, channel, message_id: messageId, person } = shared;
  try {
    await surface.preview({ installationId, channel, messageId }, previews);
  } catch (error) {
    if (error instanceof RetryableError && error.retryAfterMs !== undefined) return error.retryAfterMs;
    if (!(error instanceof PermanentError) && !(error instanceof ReconnectError)) throw error;
    // The message is gone or the app lacks the right: people see the bare link.
    log.info('a link got no preview', { problem: error.message });
    return undefined;
  }
  const shown = new Map(seen.map((row) => [row.documentId, row]));
  await recordEvents(
    db,
    [...shown.values()].map(({ documentId, connectionId }) => ({
      kind: 'link.previewed',
      installationId,
      connectionId,
      documentId,
      actor: person,
      data: { channel },
    })),
  );
  return undefined;
}

/**
 * The rule for what a preview may show. Slack shows it to the whole channel, so there it is only what people see there
 * anyhow: a document whose card stands in that very channel, or which a route in force brings into it as the document is
 * now. In the app's own direct message, what that person may see. Nowhere else, and never before the message is sent.
 */
async function seenThere({ db, roles }: PreviewDeps, shared: Shared, found: LinkedRow[]): Promise<LinkedRow[]> {
  if (found.length === 0) return [];
  const { installation_id: installationId, channel, person } = shared;
  const direct = channel.startsWith('D');
  const ids = found.map(({ documentId }) => documentId);
  if (direct) {
    const viewer = {
      installationId,
      person,
      channel: person,
      isAdmin: await isAdmin({ db, roles }, installationId, person),
    };
    const visible = await visibleAmong(db, viewer, ids);
    return found.filter(({ documentId }) => visible.has(documentId));
  }
  const cards = await db('cards as c')
    .join('lanes as l', 'l.id', 'c.lane_id')
    .where({ 'l.installation_id': installationId, 'l.channel': channel })
    .whereIn('c.state', ['posted', 'digested'])
    .whereIn('c.document_id', ids)
    .select('c.document_id');
  const standing = new Set(cards.map(({ document_id }) => String(document_id)));
  const routes = new Map(
    await Promise.all(
      [...new Set(found.map(({ connectionId }) => connectionId))].map(
        async (id) => [id, (await loadRoutes(db, id)).filter((route) => route.channel === channel)] as const,
      ),
    ),
  );
  return found.filter(
    ({ documentId, connectionId, document }) =>
      standing.has(documentId) || routes.get(connectionId)?.some((route) => matchRoute(document, route) === 'match'),
  );
}
