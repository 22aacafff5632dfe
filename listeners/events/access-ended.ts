import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { ListenerDeps } from '../deps.ts';

const envelope = z.object({
  team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  event_time: z.number(),
  authorizations: z.array(z.object({ is_enterprise_install: z.boolean() })).nullish(),
  event: z.object({ tokens: z.object({ bot: z.array(z.string()).nullish() }).nullish() }),
});

/**
 * The workspace took the app out or its bot's token back: deliveries stop, what waits stays. The two events come in any
 * order and late ones are about the install before, which their time tells.
 */
export function accessEnded({ installations, log }: ListenerDeps, state: 'uninstalled' | 'revoked') {
  return async ({
    body,
  }: SlackEventMiddlewareArgs<'app_uninstalled' | 'tokens_revoked'> & AllMiddlewareArgs): Promise<void> => {
    const { team_id, enterprise_id, event_time, authorizations, event } = envelope.parse(body);
    if (state === 'revoked' && !event.tokens?.bot?.length) return;
    const orgWide = authorizations?.[0]?.is_enterprise_install ?? (!team_id || team_id === enterprise_id);
    const id = await installations.idOf({
      teamId: team_id ?? undefined,
      enterpriseId: enterprise_id ?? undefined,
      isEnterpriseInstall: orgWide,
    });
    if (!id) return;
    // Slack's time is in whole seconds: an install in that very second came before the event.
    const ended = await installations.end(
      id,
      state,
      `Slack says: ${body.event.type}`,
      new Date(event_time * 1_000 + 999),
    );
    log.info(ended ? 'access ended; its cards wait' : 'old news of an ended access ignored', {
      installation: id,
      state,
    });
  };
}
