import type { KnownBlock, ModalView } from '@slack/types';
import type { Knex } from 'knex';
import type { CurrentRoute } from '../../app/connections/apply/current.ts';
import { actionNames } from '../../app/domain/document.ts';
import { findConnections, loadRouteConnection, type RouteConnection } from '../../app/setup/route-connections.ts';
import {
  draftOf,
  emptyDraft,
  fitting,
  isGroup,
  limitsMost,
  limitsOf,
  listedConditions,
  type RouteDraft,
} from '../../app/setup/route-draft.ts';
import { type RouteForm, routeFormView, routeNotice } from '../../app/slack/forms/route-form.ts';

export const noConnection = routeNotice('No connection yet', [
  ['A route says which documents of a connection go to which channel, and there is no connection yet.'],
  ['Set one up first: in my Home tab, under Administration, with “Add a connection”.'],
]);
export const routeGone = routeNotice('Nothing was saved', [
  ['This route or its connection is not there any more. Somebody may have retired it meanwhile.'],
  ['Look at the list in my Home tab, under Administration.'],
]);

export interface RouteViewAsked {
  installationId: string;
  /** Null: to be chosen first, where there are several. */
  connectionId: string | null;
  routeId: string | null;
  /** What was typed so far; without, what the route has, or nothing. */
  draft?: RouteDraft;
  /** The version that was read when the form was opened. */
  version?: number | null;
  previewed?: string;
  naming?: number;
  below?: KnownBlock[];
  waiting?: number;
  catchUp?: boolean;
  submit?: RouteForm['submit'];
}

const chosenAtOnce = 100;

/** The form as it should stand there now, or what is to be said instead. */
export async function routeView(db: Knex, asked: RouteViewAsked): Promise<ModalView> {
  const { installationId, routeId } = asked;
  const found = routeId ? [] : await findConnections(db, installationId, chosenAtOnce + 1);
  if (!routeId && found.length === 0) return noConnection;
  const only = found.length === 1 ? (found[0]?.id ?? null) : null;
  const connectionId = asked.connectionId ?? only;
  const connection = connectionId ? await loadRouteConnection(db, installationId, connectionId) : undefined;
  if (connectionId && !connection) return routeGone;
  const current = connection?.routes.find(({ id, retired_at }) => id === routeId && retired_at === null);
  if (routeId && !current) return routeGone;
  if (current && limitsOf(current.deciders).length > limitsMost) return tooManyLimits;
  return routeFormView({
    metadata: {
      connection: connection?.id ?? null,
      route: routeId,
      version: asked.version ?? current?.version ?? null,
      previewed: asked.previewed ?? null,
      naming: asked.naming ?? 0,
      kind: asked.draft?.kind ?? current?.kind ?? connection?.feeds[0]?.kind ?? null,
    },
    connections: found.length > chosenAtOnce ? { search: true } : found.length > 1 ? { all: found } : null,
    chosen: connection ? choose(connection, current, asked.draft) : null,
    below: asked.below ?? [],
    waiting: asked.waiting ?? 0,
    catchUp: asked.catchUp ?? false,
    submit: asked.submit ?? 'Preview',
  });
}

/** What can be decided about documents of a kind of this connection. */
export function offeredActions(connection: RouteConnection, kind: string) {
  return connection.feeds.find((feed) => feed.kind === kind)?.actions ?? actionNames;
}

export function titleOf(connection: RouteConnection, kind: string): string {
  return connection.feeds.find((feed) => feed.kind === kind)?.title ?? kind;
}

export function actsOnlyAsPerson(connection: RouteConnection, kind: string): boolean {
  return connection.feeds.find((feed) => feed.kind === kind)?.actsOnlyAsPerson ?? false;
}

function choose(
  connection: RouteConnection,
  current: CurrentRoute | undefined,
  typed: RouteDraft | undefined,
): RouteForm['chosen'] {
  const first = connection.feeds[0]?.kind ?? 'bill';
  const draft = typed ?? (current ? draftOf(current) : emptyDraft(first, offeredActions(connection, first)));
  return {
    connection,
    timeZone: connection.timeZone,
    kinds: connection.feeds.map(({ kind, title }) => ({ kind, title })),
    actions: offeredActions(connection, draft.kind),
    draft,
    linksAccounts: connection.linksAccounts,
    hasCustomFields: connection.hasCustomFields,
    actsOnlyAsPerson: actsOnlyAsPerson(connection, draft.kind),
    kept: current ? keptOf(current) : [],
  };
}

function keptOf({ conditions, mentions }: CurrentRoute): string[] {
  const words = { vendors: 'vendors', statuses: 'states', types: 'types', branches: 'branches' };
  const kept = listedConditions.flatMap((list) => {
    const { length } = fitting(conditions[list]).kept;
    return length > 0 ? [`${length} more ${words[list]} that a file names are kept.`] : [];
  });
  const groups = mentions.filter(isGroup).length;
  const mentioned =
    groups === 1 ? 'One group that is mentioned is kept.' : `${groups} groups that are mentioned are kept.`;
  return groups > 0 ? [...kept, mentioned] : kept;
}

const tooManyLimits = routeNotice('Too many limits', [
  [`This route has more than ${limitsMost} different limits, which do not fit into a form.`],
  ['Change it in the file that it came from.'],
]);
