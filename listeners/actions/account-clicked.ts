import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { unlinkAccount } from '../../app/accounts/accounts.ts';
import { makeLink } from '../../app/accounts/links.ts';
import { recordEvents } from '../../app/audit/record.ts';
import { actInHome } from '../../app/home/row.ts';
import { isAdmin } from '../../app/people/admins.ts';
import { typedLoginView } from '../../app/slack/forms/typed-login.ts';
import type { ConsentPurpose } from '../../connectors/connector.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { consentView } from '../views/consent-view.ts';
import { installationOf } from './home-click.ts';

type Args = SlackActionMiddlewareArgs & AllMiddlewareArgs;

const clickSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  trigger_id: z.string(),
  container: z.object({ type: z.string() }),
  view: z.object({ type: z.string() }).optional(),
  actions: z.array(z.object({ value: z.string().max(100) })).min(1),
});

const notForYou =
  'Only administrators may do this, so nothing was done. Ask whoever installed the app, or a workspace admin.';
const tooLate = 'Slack did not open the form in time, so nothing was done. Press the button again.';
const failed = 'That did not work just now. Try again in a minute; asking twice does no harm.';

/**
 * Somebody wants to link their own ERP account, or an administrator to connect a connection: a form opens with a link
 * that was made this moment and is theirs alone, or with fields for what they sign in with.
 */
export function linkAsked(deps: ListenerDeps, purpose: ConsentPurpose) {
  return answering(deps, async ({ installationId, person, connectionId, triggerId, inModal }, { client }) => {
    if (purpose === 'connection' && !(await isAdmin(deps, installationId, person))) {
      const event = { kind: 'administration.refused', installationId, actor: person, data: { asked: 'connect' } };
      await recordEvents(deps.db, [event]);
      return notForYou;
    }
    const link = await makeLink(deps, { installationId, person, connectionId, purpose });
    if ('problem' in link) return link.problem;
    const view = 'fields' in link ? typedLoginView(link) : consentView(link, purpose);
    const form = { trigger_id: triggerId, view };
    const opened = await (inModal ? client.views.push(form) : client.views.open(form)).catch((error) => {
      deps.log.warn('link form not opened', { error });
    });
    return opened ? null : tooLate;
  });
}

/** The person's own link ends now; its session is closed by a job. */
export function unlinkAsked(deps: ListenerDeps) {
  return answering(deps, async ({ installationId, person, connectionId }) => {
    const known = await deps
      .db('connections')
      .where({ id: connectionId, installation_id: installationId })
      .first('name');
    const wasLinked = known && (await unlinkAccount(deps.db, { installationId, connectionId, person }));
    return wasLinked
      ? `Your account is not linked to “${known.name}” any more.`
      : 'That account was not linked any more, so nothing was done.';
  });
}

interface Asked {
  installationId: string;
  person: string;
  connectionId: string;
  triggerId: string;
  /** They clicked in a form, on top of which the next one goes. */
  inModal: boolean;
}

/** Acknowledges first; what came of it is said where the person clicked: in their Home, or beside the message. */
function answering(deps: ListenerDeps, run: (asked: Asked, args: Args) => Promise<string | null>) {
  return async (args: Args): Promise<void> => {
    await args.ack();
    const parsed = clickSchema.safeParse(args.body);
    if (parsed.success) deps.later(carryOut(deps, parsed.data, run, args));
  };
}

async function carryOut(
  deps: ListenerDeps,
  { user, trigger_id: triggerId, container, view, actions }: z.infer<typeof clickSchema>,
  run: (asked: Asked, args: Args) => Promise<string | null>,
  args: Args,
): Promise<void> {
  const installationId = await installationOf(deps.db, workspaceOf(args.context));
  const connectionId = actions[0]?.value ?? '';
  if (!installationId || !/^[0-9a-f-]{36}$/.test(connectionId)) return;
  const person = user.id;
  const inModal = view?.type === 'modal';
  const said = await run({ installationId, person, connectionId, triggerId, inModal }, args).catch((error) => {
    deps.log.error('a click about an ERP account was not carried out', { error });
    return failed;
  });
  if (container.type === 'view') await actInHome(deps.db, { installationId, person }, said ? { notice: said } : {});
  else if (said) await args.respond({ text: said, response_type: 'ephemeral', replace_original: false });
}
