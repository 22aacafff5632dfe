import { z } from 'zod';
import { option, optionGroup } from '../blocks/text.ts';
import { findElement } from '../elements.ts';
import { RequestRefused } from '../errors.ts';
import type { Json } from '../model.ts';
import type { SlackState } from '../state.ts';
import { blocksOf } from '../view-store.ts';
import { viewOnWire } from '../wire.ts';
import { fillIn, type GivenValues, offeredKey } from './filling.ts';
import {
  type Ack,
  asAck,
  channelFor,
  commonPayload,
  failureNotice,
  notice,
  payloadForm,
  person,
  sendForm,
} from './interaction.ts';

export interface SuggestionRequest {
  user: string;
  channel?: string | undefined;
  messageTs?: string | undefined;
  viewId?: string | undefined;
  blockId?: string | undefined;
  actionId: string;
  /** What was typed so far. */
  value: string;
  /** What else is filled in in the view by now. */
  values?: GivenValues | undefined;
}

export interface SuggestionResult extends Ack {
  options: Json[];
  optionGroups: Json[];
}

const answerShape = z.union([
  z.strictObject({ options: z.array(option).max(100) }),
  z.strictObject({ option_groups: z.array(optionGroup).max(100) }),
]);

/** What the app offers; null where it is not what Slack takes: up to 100 options, or groups of them. */
function parseOptions(body: string): { options: Json[]; groups: Json[] } | null {
  try {
    const answer = answerShape.parse(JSON.parse(body || '{}'));
    return 'options' in answer
      ? { options: answer.options, groups: [] }
      : { options: [], groups: answer.option_groups };
  } catch {
    return null;
  }
}

const defaultMinQuery = 3;

/** Types into an external select; what the app offers can then be chosen. */
export async function suggest(state: SlackState, request: SuggestionRequest): Promise<SuggestionResult> {
  const user = person(state, request.user);
  const view = request.viewId === undefined ? undefined : state.views.find(request.viewId);
  const channel = request.channel ? channelFor(state, user.id, request.channel) : undefined;
  const message = channel && state.messages.get(channel.id, request.messageTs);
  const blocks = view?.user === user.id ? blocksOf(view) : (message?.blocks ?? []);
  const found = findElement(blocks, request.actionId, request.blockId);
  if (!found || !/external_select$/.test(String(found.element.type))) {
    throw new RequestRefused(404, `there is no external select ${request.actionId}`);
  }
  const least = found.element.min_query_length ?? defaultMinQuery;
  if (request.value.length < Number(least)) {
    throw new RequestRefused(400, `the app is asked from ${least} characters on`);
  }
  if (view) fillIn(state, view, request.values ?? {});
  const payload = {
    type: 'block_suggestion',
    ...commonPayload(state, user),
    action_id: request.actionId,
    block_id: found.block.block_id,
    value: request.value,
    container: view
      ? { type: 'view', view_id: view.id }
      : { type: 'message', message_ts: message?.ts, channel_id: channel?.id, is_ephemeral: false },
    ...(view ? { view: viewOnWire(state, view) } : { channel: { id: channel?.id, name: channel?.name } }),
  };
  const delivery = await sendForm(state, payloadForm('block_suggestion', payload));
  if (!delivery.acked) {
    notice(state, user.id, failureNotice(delivery), { action_id: request.actionId });
    return { ...asAck(delivery), options: [], optionGroups: [] };
  }
  const parsed = parseOptions(delivery.body);
  if (!parsed) {
    notice(state, user.id, 'The options could not be loaded: the app sent no list that Slack takes.');
    return { ...asAck(delivery), failure: 'invalid_options', options: [], optionGroups: [] };
  }
  const { options, groups } = parsed;
  const offered = [...options, ...groups.flatMap((group) => (Array.isArray(group.options) ? group.options : []))];
  const id = view?.id ?? message?.ts ?? '';
  state.offered.set(
    offeredKey({ user: user.id, id, blockId: found.block.block_id, actionId: request.actionId }),
    offered as Json[],
  );
  return { ...asAck(delivery), options, optionGroups: groups };
}
