import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { storeSharedLinks } from '../../app/shared-links/store.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';

const sharedSchema = z.object({
  event_id: z.string().min(1),
  event: z.object({
    channel: z.string().min(1),
    user: z.string().min(1),
    message_ts: z.string().min(1),
    source: z.string().nullish(),
    is_bot_user_member: z.boolean().nullish(),
    links: z.array(z.object({ url: z.string() })),
  }),
});

/**
 * Somebody shared links to the ERP: stored, a job shows the previews. What is still being typed gets none: where it will
 * be sent to is not known, and so not who will see it.
 */
export function linkShared({ db }: ListenerDeps) {
  return async ({ body, context }: SlackEventMiddlewareArgs<'link_shared'> & AllMiddlewareArgs): Promise<void> => {
    const parsed = sharedSchema.safeParse(body);
    if (!parsed.success) return;
    const { channel, user, message_ts, source, is_bot_user_member: member, links } = parsed.data.event;
    if (channel === 'COMPOSER' || source === 'composer') return;
    await storeSharedLinks(db, {
      workspace: workspaceOf(context),
      eventId: parsed.data.event_id,
      channel,
      messageId: message_ts,
      person: user,
      direct: channel.startsWith('D') && member === true,
      links: links.map(({ url }) => url),
    });
  };
}
