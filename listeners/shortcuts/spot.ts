import type { Context } from '@slack/bolt';
import { z } from 'zod';
import type { Spot } from '../../app/cards/standing.ts';
import { workspaceOf } from '../deps.ts';

const shortcutSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  trigger_id: z.string().min(1),
  channel: z.object({ id: z.string().min(1) }),
  message_ts: z.string().min(1),
  message: z.looseObject({ ts: z.string().min(1), thread_ts: z.string().nullish() }),
});

/** A message shortcut: who used it, and on which message. */
export interface PointedAt {
  spot: Spot;
  triggerId: string;
  message: Record<string, unknown>;
}

/** Undefined where the payload is no message shortcut. Its signature has been checked. */
export function readShortcut(body: unknown, context: Context): PointedAt | undefined {
  const parsed = shortcutSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { user, channel, message, message_ts, trigger_id } = parsed.data;
  return {
    spot: {
      workspace: workspaceOf(context),
      channel: channel.id,
      person: user.id,
      messageId: message_ts,
      thread: message.thread_ts ?? null,
    },
    triggerId: trigger_id,
    message,
  };
}
