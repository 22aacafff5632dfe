import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { storeNote } from '../../app/notes/store.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { readSaid, withoutMention } from '../shortcuts/said.ts';

const mentionSchema = z.object({
  channel: z.string().min(1),
  user: z.string().min(1),
  ts: z.string().min(1),
  thread_ts: z.string().nullish(),
  text: z.string().default(''),
  bot_id: z.string().nullish(),
});

const hint =
  'In the thread of a card, a reply that starts with my name is recorded in the ERP’s note. Here there is no card, so nothing was done.';

/**
 * A reply in a card's thread that starts with the app's name is recorded in the ERP: stored once for each message,
 * however often Slack tells of it; a job checks who may and writes. Being mentioned in passing asks for nothing.
 */
export function appMentioned({ db, later }: ListenerDeps) {
  return async ({
    event,
    client,
    context,
  }: SlackEventMiddlewareArgs<'app_mention'> & AllMiddlewareArgs): Promise<void> => {
    const parsed = mentionSchema.safeParse(event);
    if (!parsed.success || parsed.data.bot_id) return;
    const { channel, user, ts, thread_ts: thread, text } = parsed.data;
    const said = withoutMention(text, context.botUserId) === undefined ? undefined : readSaid(event, context.botUserId);
    if (!said) return;
    const spot = { workspace: workspaceOf(context), channel, person: user, messageId: ts, thread: thread ?? null };
    const stored = thread ? await storeNote(db, spot, said) : 'no_card';
    if (stored !== 'no_card' && stored !== 'digest') return;
    later(client.chat.postEphemeral({ channel, user, text: hint, ...(thread ? { thread_ts: thread } : {}) }));
  };
}
