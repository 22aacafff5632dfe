import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { endPushes, renewPushSecret } from '../../app/push/endpoint.ts';
import { readPushSetup } from '../../app/push/setup.ts';
import { failed, onlyAdministrators, plainView } from '../../app/slack/forms/plain-view.ts';
import { pushTitle, pushView } from '../../app/slack/forms/push-view.ts';
import { connectorById } from '../../connectors/index.ts';
import { administrates } from '../administrates.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { openAndFillIn } from './open-form.ts';

type What = 'look' | 'renew' | 'end';

const gone = 'This connection is not there any more, or its ERP cannot push, so nothing was done.';
const hidden = 'not shown again; replace it below where it was lost';

/** "Push …" in Home: what to type into the ERP's own form. */
export function pushClicked(deps: ListenerDeps) {
  return openAndFillIn(deps, pushTitle, ({ workspace, person, value }) =>
    carryOut(deps, { workspace, person, connectionId: value }, 'look'),
  );
}

const formClickSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  view: z.object({ id: z.string().min(1), type: z.literal('modal') }),
  actions: z.array(z.object({ value: z.string().max(100) })).min(1),
});

/** The buttons of that form. */
export function pushFormClicked(deps: ListenerDeps, what: 'renew' | 'end') {
  return async ({ ack, body, client, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const click = formClickSchema.safeParse(body);
    if (!click.success) return;
    const { user, view, actions } = click.data;
    const asked = { workspace: workspaceOf(context), person: user.id, connectionId: actions[0]?.value ?? '' };
    const drawn = carryOut(deps, asked, what).catch((error) => {
      deps.log.error('pushes were not set up', { what, error });
      return plainView(pushTitle, failed);
    });
    deps.later(drawn.then((filled) => client.views.update({ view_id: view.id, view: filled })));
  };
}

interface Asked {
  workspace: string;
  person: string;
  connectionId: string;
}

async function carryOut(deps: ListenerDeps, asked: Asked, what: What): Promise<ModalView> {
  const { db, keyring, publicUrl } = deps;
  const { workspace, person, connectionId } = asked;
  const installationId = await administrates(deps, { workspace, person, asked: `pushes: ${what}` });
  if (!installationId) return plainView(pushTitle, onlyAdministrators);
  const subject = { installationId, connectionId, actor: person };
  const look = (secret: string) => readPushSetup(db, subject, { publicUrl, secret, connectorById });
  const before = await look(hidden);
  if (!before) return plainView(pushTitle, gone);
  // A secret that the ERP makes is typed in, so no press of a button makes one.
  const makes = what === 'renew' && before.secretFrom === 'app';
  const secret = makes ? await renewPushSecret(db, keyring, subject) : undefined;
  if (what === 'end') await endPushes(db, subject);
  const setup = await look(secret ?? hidden);
  return setup ? pushView(setup, secret !== undefined) : plainView(pushTitle, gone);
}
