import type { Context } from '@slack/bolt';
import { z } from 'zod';
import { readTicket } from '../../app/cards/content.ts';
import { workspaceOf } from '../deps.ts';

const clickSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  trigger_id: z.string(),
  container: z.object({ message_ts: z.string(), channel_id: z.string() }),
  actions: z
    .array(z.object({ action_id: z.string(), action_ts: z.string(), value: z.string().max(2_000).optional() }))
    .min(1),
});

/** A click on one of our cards, from a payload whose signature has been checked. Undefined where it is none. */
export interface CardClick {
  clickKey: string;
  workspace: string;
  channel: string;
  messageId: string;
  person: string;
  triggerId: string;
  cardKey: string;
  seen: string;
}

export function readClick(body: unknown, context: Context): CardClick | undefined {
  const parsed = clickSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { user, container, trigger_id, actions } = parsed.data;
  const action = actions[0];
  const ticket = readTicket(action?.value);
  if (!action || !ticket) return undefined;
  const workspace = workspaceOf(context);
  return {
    clickKey: [workspace, container.channel_id, container.message_ts, action.action_id, user.id, action.action_ts].join(
      ':',
    ),
    workspace,
    channel: container.channel_id,
    messageId: container.message_ts,
    person: user.id,
    triggerId: trigger_id,
    cardKey: ticket.key,
    seen: ticket.seen,
  };
}

export const notOurs =
  'This button does not belong to a card that this app knows, so nothing was done. Open the document in the ERP instead.';
