import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { renewPushSecret } from '../../app/push/endpoint.ts';
import { readPushSetup } from '../../app/push/setup.ts';
import { connectionGone, onlyAdministrators, plainView } from '../../app/slack/forms/plain-view.ts';
import { pushTitle, pushView } from '../../app/slack/forms/push-view.ts';
import { pushSecret } from '../../app/slack/ids.ts';
import { administrates } from '../administrates.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { answerInTime, type FormAnswer } from './in-time.ts';

const shortest = 8;

/** An administrator typed the secret with which the ERP signs what it pushes. */
export function pushSaved(deps: ListenerDeps) {
  return async (args: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const { view, body, context } = args;
    const who = { workspace: workspaceOf(context), person: body.user.id };
    const typed = view.state.values[pushSecret.blockId]?.[pushSecret.actionId]?.value?.trim() ?? '';
    return answerInTime(deps, args, save(deps, who, view.private_metadata, typed));
  };
}

async function save(
  deps: ListenerDeps,
  { workspace, person }: { workspace: string; person: string },
  connectionId: string,
  secret: string,
): Promise<FormAnswer> {
  const { db, keyring, publicUrl, connectorById } = deps;
  const installationId = await administrates(deps, { workspace, person, asked: 'pushes: secret' });
  if (!installationId) return { view: plainView(pushTitle, onlyAdministrators) };
  const subject = { installationId, connectionId, actor: person };
  const look = () => readPushSetup(db, subject, { publicUrl, secret: '', connectorById });
  if ((await look())?.secretFrom !== 'erp') return { view: plainView(pushTitle, connectionGone) };
  if (secret.length < shortest) return { errors: { [pushSecret.blockId]: `It has at least ${shortest} characters.` } };
  await renewPushSecret(db, keyring, subject, secret);
  const setup = await look();
  return { view: setup ? pushView(setup, false) : plainView(pushTitle, connectionGone) };
}
