import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { recordEvents } from '../../app/audit/record.ts';
import { isAdmin } from '../../app/people/admins.ts';
import { endPushes, renewPushSecret } from '../../app/push/endpoint.ts';
import { readPushSetup } from '../../app/push/setup.ts';
import { pushLoadingView, pushView, pushWordsView } from '../../app/slack/forms/push-view.ts';
import { connectorById } from '../../connectors/index.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { installationOf, readHomeClick } from './home-click.ts';

type Args = SlackActionMiddlewareArgs & AllMiddlewareArgs;
type What = 'look' | 'renew' | 'end';

const notForYou =
  'Only administrators may do this, so nothing was done. Ask whoever installed the app, or a workspace admin.';
const gone = 'This connection is not there any more, or its ERP cannot push, so nothing was done.';
const failed = 'That did not work just now, and nothing was changed. Close this and try again in a minute.';
const hidden = 'not shown again; replace it below where it was lost';

/** "Push …" in Home: the form opens at once and fills in when the rights are known. */
export function pushClicked(deps: ListenerDeps) {
  return async ({ ack, body, client, context }: Args): Promise<void> => {
    await ack();
    const click = readHomeClick(body, context);
    if (!click) return;
    deps.later(
      (async () => {
        const opened = await client.views.open({ trigger_id: click.triggerId, view: pushLoadingView() });
        const viewId = opened.view?.id;
        if (!viewId) return;
        const view = await answer(deps, { ...click, connectionId: click.value }, 'look');
        await client.views.update({ view_id: viewId, view });
      })(),
    );
  };
}

const formClickSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  view: z.object({ id: z.string().min(1), type: z.literal('modal') }),
  actions: z.array(z.object({ value: z.string().max(100) })).min(1),
});

/** The buttons of that form. */
export function pushFormClicked(deps: ListenerDeps, what: 'renew' | 'end') {
  return async ({ ack, body, client, context }: Args): Promise<void> => {
    await ack();
    const click = formClickSchema.safeParse(body);
    if (!click.success) return;
    const { user, view, actions } = click.data;
    const asked = { workspace: workspaceOf(context), person: user.id, connectionId: actions[0]?.value ?? '' };
    deps.later(answer(deps, asked, what).then((drawn) => client.views.update({ view_id: view.id, view: drawn })));
  };
}

interface Asked {
  workspace: string;
  person: string;
  connectionId: string;
}

async function answer(deps: ListenerDeps, asked: Asked, what: What) {
  try {
    return await carryOut(deps, asked, what);
  } catch (error) {
    deps.log.error('pushes were not set up', { what, error });
    return pushWordsView(failed);
  }
}

async function carryOut(deps: ListenerDeps, { workspace, person, connectionId }: Asked, what: What) {
  const { db, keyring, publicUrl } = deps;
  const installationId = await installationOf(db, workspace);
  if (!installationId) return pushWordsView(gone);
  if (!(await isAdmin(deps, installationId, person))) {
    const data = { asked: `pushes: ${what}` };
    await recordEvents(db, [{ kind: 'administration.refused', installationId, actor: person, data }]);
    return pushWordsView(notForYou);
  }
  const subject = { installationId, connectionId, actor: person };
  const look = (secret: string) => readPushSetup(db, subject, { publicUrl, secret, connectorById });
  if (!(await look(hidden))) return pushWordsView(gone);
  const secret = what === 'renew' ? await renewPushSecret(db, keyring, subject) : undefined;
  if (what === 'end') await endPushes(db, subject);
  const setup = await look(secret ?? hidden);
  return setup ? pushView(setup, secret !== undefined) : pushWordsView(gone);
}
