import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { isAdmin } from '../../app/people/admins.ts';
import { limitsMost } from '../../app/setup/route-draft.ts';
import { routeActions } from '../../app/slack/forms/route-ids.ts';
import { type FilledForm, readRouteForm } from '../../app/slack/forms/route-values.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { routeView } from '../views/route-view.ts';
import { installationOf } from './home-click.ts';
import { notForYou } from './route-form-opened.ts';

/** Another connection or kind, another way of delivery, one more limit: the form is drawn anew with what was typed. */
export function routeFormChanged(deps: ListenerDeps) {
  return async ({ ack, body, client, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    if (body.type !== 'block_actions') return;
    const filled = readRouteForm(body.view);
    const addLimit = body.actions.some((action) => action.action_id === routeActions.addLimit);
    const change = { workspace: workspaceOf(context), person: body.user.id, addLimit };
    if (filled) deps.later(redraw(deps, client, filled, change));
  };
}

async function redraw(
  deps: ListenerDeps,
  client: WebClient,
  filled: FilledForm,
  { workspace, person, addLimit }: { workspace: string; person: string; addLimit: boolean },
): Promise<void> {
  const { db } = deps;
  const installationId = await installationOf(db, workspace);
  if (!installationId) return;
  const { metadata, connection, viewId, hash } = filled;
  const more = addLimit && filled.draft.limits.length < limitsMost ? [{ people: [], upTo: '' }] : [];
  const draft = { ...filled.draft, limits: [...filled.draft.limits, ...more] };
  const { route: routeId, version, naming } = metadata;
  const asked = { installationId, connectionId: connection, routeId, version, naming };
  // Before a connection is chosen nothing is typed: then the form starts with what is usual.
  const view = (await isAdmin(deps, installationId, person))
    ? await routeView(db, metadata.connection ? { ...asked, draft } : asked)
    : notForYou;
  await client.views.update({ view_id: viewId, view, ...(hash ? { hash } : {}) });
}
