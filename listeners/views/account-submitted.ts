import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { actInHome } from '../../app/home/row.ts';
import { plainView } from '../../app/slack/forms/plain-view.ts';
import { connectionOf, loginBlock, readTypedLogin, typedLoginTitle } from '../../app/slack/forms/typed-login.ts';
import { installationOf } from '../actions/home-click.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { answerInTime, type FormAnswer } from './in-time.ts';

/** Somebody typed what they sign in to the ERP with: it is tried out, and their account is linked where it works. */
export function accountSubmitted(deps: ListenerDeps) {
  return async (args: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const { view, body, context } = args;
    const who = { workspace: workspaceOf(context), person: body.user.id };
    return answerInTime(deps, args, link(deps, who, view));
  };
}

async function link(
  deps: ListenerDeps,
  { workspace, person }: { workspace: string; person: string },
  view: SlackViewMiddlewareArgs['view'],
): Promise<FormAnswer> {
  const blocks = view.blocks.flatMap(({ type, block_id: id }) => (type === 'input' && id ? [id] : []));
  const fields = blocks.map((id) => id.replace(/^login:/, ''));
  const installationId = await installationOf(deps.db, workspace);
  if (!installationId) return { view: plainView(typedLoginTitle, 'This workspace has not installed the app.') };
  const typed = readTypedLogin(view.state.values, fields);
  const connectionId = connectionOf(view.private_metadata);
  const outcome = await deps.typedLogins.link({ installationId, person, connectionId, typed });
  if ('linked' in outcome) {
    await actInHome(deps.db, { installationId, person });
    const { erp, connection, user } = outcome.linked;
    const text = `Your ${erp} account ${user} is linked. What you decide for “${connection}” is done there in your name from now on. Where you pressed a button before, press it again.`;
    return { view: plainView(typedLoginTitle, text) };
  }
  // What belongs to no field is said at the first: an answer that draws the form anew would empty it.
  const byField = 'byField' in outcome ? outcome.byField : { [fields[0] ?? '']: outcome.problem };
  return { errors: Object.fromEntries(Object.entries(byField).map(([field, why]) => [loginBlock(field), why])) };
}
