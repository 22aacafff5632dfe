import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { HistoryEdge } from '../../app/audit/history.ts';
import { historyIds, viewIds } from '../../app/slack/ids.ts';
import type { HistoryPlace } from '../../app/slack/messages/history.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { fillHistory } from '../shortcuts/fill-history.ts';
import { drawHistory, historyPlace } from '../shortcuts/history.ts';

const clickSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  view: z.object({ id: z.string().min(1), callback_id: z.literal(viewIds.history), private_metadata: z.string() }),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().max(100).default('') })).min(1),
});

/** Another page of a history, one document of a digest, or back to its list: shown in the form that is open. */
export function historyClicked(deps: ListenerDeps) {
  return async ({ ack, body, client, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const parsed = clickSchema.safeParse(body);
    const action = parsed.data?.actions[0];
    const place = readPlace(parsed.data?.view.private_metadata);
    if (!parsed.success || !action || !place) return;
    const next = follow(place, action.action_id, action.value);
    if (!next) return;
    const reader = { workspace: workspaceOf(context), person: parsed.data.user.id };
    const draw = () => drawHistory(deps, reader, next.place, next.edge);
    deps.later(fillHistory(deps, client, parsed.data.view.id, draw));
  };
}

function follow(
  place: HistoryPlace,
  actionId: string,
  value: string,
): { place: HistoryPlace; edge?: HistoryEdge } | undefined {
  const { digestId, channel, page } = place;
  const [, what, number = ''] = /^(?:(before|after|page)\.)?(\d{1,18})$/.exec(value) ?? [];
  if (number === '') return undefined;
  if (actionId === historyIds.document) return { place: { digestId, channel, page, documentId: number } };
  if (actionId === historyIds.list) return { place: { digestId, channel, page } };
  if (what === 'page') return { place: { digestId, channel, page: Number(number) } };
  if (what === 'before') return { place, edge: { before: number } };
  return what === 'after' ? { place, edge: { after: number } } : undefined;
}

function readPlace(metadata: string | undefined): HistoryPlace | undefined {
  try {
    return historyPlace.safeParse(JSON.parse(metadata ?? '')).data;
  } catch {
    return undefined;
  }
}
