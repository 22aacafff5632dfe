import { setTimeout as sleep } from 'node:timers/promises';
import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { recordEvents } from '../../app/audit/record.ts';
import { isAdmin } from '../../app/people/admins.ts';
import { connectionOfRoute } from '../../app/setup/route-connections.ts';
import { routeNotice } from '../../app/slack/forms/route-form.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { routeGone, routeView } from '../views/route-view.ts';
import { installationOf } from './home-click.ts';

const clickSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  trigger_id: z.string(),
  view: z.object({ type: z.enum(['home', 'modal']) }),
  actions: z.array(z.object({ value: z.string().max(100).optional() })).min(1),
});

/** A trigger lives three seconds: what takes longer than this to draw is drawn into a form that is open already. */
const openWithinMs = 1_000;

/**
 * "Add a route" and "Edit …", in Home or in another form. The form opens at once, and fills in where the database or
 * Slack's answer about administrators is slow.
 */
export function routeFormOpened(deps: ListenerDeps, what: 'add' | 'edit') {
  return async ({ ack, body, client, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const { data } = clickSchema.safeParse(body);
    if (!data) return;
    const asked = { workspace: workspaceOf(context), person: data.user.id, value: data.actions[0]?.value ?? '' };
    const drawn = draw(deps, what, asked).catch((error) => {
      deps.log.error('route form not drawn', { error });
      return failed;
    });
    deps.later(show(client, data, drawn));
  };
}

async function show(client: WebClient, click: z.infer<typeof clickSchema>, drawn: Promise<ModalView>): Promise<void> {
  const view = await Promise.race([drawn, sleep(openWithinMs, opening)]);
  const place = { trigger_id: click.trigger_id, view };
  const opened = await (click.view.type === 'home' ? client.views.open(place) : client.views.push(place));
  if (view === opening && opened.view?.id) await client.views.update({ view_id: opened.view.id, view: await drawn });
}

async function draw(
  deps: ListenerDeps,
  what: 'add' | 'edit',
  { workspace, person, value }: { workspace: string; person: string; value: string },
): Promise<ModalView> {
  const { db } = deps;
  const installationId = await installationOf(db, workspace);
  if (!installationId) return failed;
  if (!(await isAdmin(deps, installationId, person))) {
    const data = { asked: what === 'add' ? 'add_route' : 'edit_route' };
    await recordEvents(db, [{ kind: 'administration.refused', installationId, actor: person, data }]);
    return notForYou;
  }
  if (what === 'add') {
    // Another form may say for which connection; a button in Home says nothing.
    const connectionId = /^[0-9a-f-]{36}$/.test(value) ? value : null;
    return routeView(db, { installationId, connectionId, routeId: null });
  }
  const connectionId = await connectionOfRoute(db, installationId, value);
  return connectionId ? routeView(db, { installationId, connectionId, routeId: value }) : routeGone;
}

export const notForYou = routeNotice('For administrators', [
  ['Only administrators may do this, so nothing was done. Ask whoever installed the app, or a workspace admin.'],
]);
const opening = routeNotice('One moment', [['⏳ The form is on its way …']]);
const failed = routeNotice('That did not work', [
  ['The form could not be put together just now. Close this and try again in a minute.'],
]);
