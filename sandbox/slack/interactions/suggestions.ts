import { findElement } from '../elements.ts';
import { RequestRefused } from '../errors.ts';
import { isJson, type Json } from '../model.ts';
import type { SlackState } from '../state.ts';
import { blocksOf } from '../view-store.ts';
import { viewOnWire } from '../wire.ts';
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
}

export interface SuggestionResult extends Ack {
  options: Json[];
  optionGroups: Json[];
}

const maxOptions = 100;

function parseOptions(body: string): { options: Json[]; groups: Json[] } {
  const answer: unknown = JSON.parse(body || '{}');
  const list = (value: unknown) => (Array.isArray(value) ? value.filter(isJson).slice(0, maxOptions) : []);
  return isJson(answer)
    ? { options: list(answer.options), groups: list(answer.option_groups) }
    : { options: [], groups: [] };
}

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
  const { options, groups } = parseOptions(delivery.body);
  const offered = [...options, ...groups.flatMap((group) => (Array.isArray(group.options) ? group.options : []))];
  state.offered.set(`${user.id}:${request.actionId}`, offered);
  return { ...asAck(delivery), options, optionGroups: groups };
}
