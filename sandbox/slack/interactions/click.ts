import { chosenState } from '../choosing.ts';
import { nowMs } from '../clock.ts';
import { findElement, initialState, keepsState, type PlacedElement, placedElements, valueKey } from '../elements.ts';
import { RequestRefused } from '../errors.ts';
import { asText, type Channel, isJson, type Json, type Message, type User, type View } from '../model.ts';
import type { SlackState } from '../state.ts';
import { blocksOf } from '../view-store.ts';
import { messageOnWire, viewOnWire } from '../wire.ts';
import { fillIn, fillOne, type GivenValues, offeredKey } from './filling.ts';
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

export interface ClickRequest {
  user: string;
  /** With `messageTs`: a control in a message. */
  channel?: string | undefined;
  messageTs?: string | undefined;
  /** A control in a modal or on the Home tab. */
  viewId?: string | undefined;
  blockId?: string | undefined;
  actionId: string;
  /** For selects, pickers and inputs: the option's value, the id, the date … */
  value?: unknown;
  /** What else is filled in in the view by now: its client sends the whole state with each action. */
  values?: GivenValues | undefined;
  /** What a person did in a text field that sends its text at once; default whatever it waits for. */
  typing?: 'on_enter_pressed' | 'on_character_entered' | undefined;
  /** How often the same body is sent, all at once; default 1. */
  times?: number | undefined;
}

export interface ClickResult extends Ack {
  /** Of each delivery, where there were several. */
  acks: Ack[];
  /** Where a link button leads. */
  url: string | null;
  /** The views that the app opened before it answered. */
  views: Json[];
}

interface Place {
  blocks: Json[];
  message: Message | null;
  channel: Channel | null;
  view: View | null;
}

function findPlace(state: SlackState, request: ClickRequest): Place {
  if (request.viewId !== undefined) {
    const view = state.views.find(request.viewId);
    if (!view || view.user !== request.user) throw new RequestRefused(404, `there is no view ${request.viewId}`);
    return { blocks: blocksOf(view), view, message: null, channel: null };
  }
  const channel = channelFor(state, request.user, request.channel ?? '');
  const message = state.messages.get(channel.id, request.messageTs);
  const visible = message && (message.ephemeralTo === undefined || message.ephemeralTo === request.user);
  if (!visible) throw new RequestRefused(404, `there is no message ${request.messageTs}`);
  return { blocks: message.blocks ?? [], message, channel, view: null };
}

function actionOf(element: Json, block: Json, chosen: Json | undefined): Json {
  const { type, action_id, text, value, style, placeholder } = element;
  const seconds = nowMs() / 1000;
  const action: Json = { action_id, block_id: block.block_id, type, action_ts: seconds.toFixed(6) };
  if (type === 'button') Object.assign(action, { text, value, style });
  else if (placeholder) action.placeholder = placeholder;
  return { ...action, ...chosen };
}

function stateOfMessage(blocks: Json[], clicked: Json, chosen: Json | undefined): Json {
  const values: Record<string, Record<string, Json>> = {};
  for (const { block, element } of placedElements(blocks)) {
    if (!keepsState(element)) continue;
    const inBlock = values[String(block.block_id)] ?? {};
    inBlock[String(element.action_id)] = element === clicked && chosen ? chosen : initialState(element);
    values[String(block.block_id)] = inBlock;
  }
  return { values };
}

function channelName(channel: Channel): string {
  if (channel.kind === 'public') return channel.name;
  return channel.kind === 'private' ? 'privategroup' : 'directmessage';
}

function placePayload(state: SlackState, user: User, place: Place, element: Json, chosen: Json | undefined): Json {
  const { view, message, channel, blocks } = place;
  if (view) return { container: { type: 'view', view_id: view.id }, view: viewOnWire(state, view) };
  if (!message || !channel) return {};
  const ephemeral = message.ephemeralTo !== undefined;
  const key = state.tickets.issueResponse({
    user: user.id,
    channel: channel.id,
    threadTs: message.threadTs ?? null,
    messageTs: message.ts,
    ephemeral,
  });
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
    channel: { id: channel.id, name: channelName(channel) },
    ...(ephemeral ? {} : { message: messageOnWire(state, message, 'none') }),
    state: stateOfMessage(blocks, element, chosen),
    response_url: `${state.options.baseUrl()}/actions/${state.team.id}/${key}`,
  };
}

function choose(state: SlackState, user: User, place: Place, found: PlacedElement, value: unknown): Json {
  const { block, element } = found;
  if (place.view) return fillOne(state, place.view, block, element, value);
  const id = place.message?.ts ?? '';
  const key = offeredKey({ user: user.id, id, blockId: block.block_id, actionId: element.action_id });
  return chosenState(element, value, { state, user: user.id, offered: state.offered.get(key) });
}

/** An input block keeps its value for the form unless it asks to be told at once, and a text field says when. */
function checkDispatches(block: Json, element: Json, typing: ClickRequest['typing']): void {
  if (block.type !== 'input') return;
  if (block.dispatch_action !== true) {
    throw new RequestRefused(400, `${element.action_id} keeps its value until the form is submitted`);
  }
  const config = isJson(element.dispatch_action_config) ? element.dispatch_action_config : {};
  const when = Array.isArray(config.trigger_actions_on) ? config.trigger_actions_on : ['on_enter_pressed'];
  if (typing !== undefined && !when.includes(typing)) {
    throw new RequestRefused(400, `${element.action_id} sends nothing ${typing}`);
  }
}

/** Uses a control as a person does. Throws RequestRefused (404) when it is not there to be used. */
export async function click(state: SlackState, request: ClickRequest): Promise<ClickResult> {
  const user = person(state, request.user);
  const place = findPlace(state, request);
  const found = findElement(place.blocks, request.actionId, request.blockId);
  if (!found) throw new RequestRefused(404, `there is no control ${request.actionId}`);
  const { block, element } = found;
  if (place.view) fillIn(state, place.view, request.values ?? {});
  const chosen = valueKey(element) === undefined ? undefined : choose(state, user, place, found, request.value);
  checkDispatches(block, element, request.typing);
  const { id, trigger } = state.tickets.issueTrigger(user.id, modalId(place), place.channel?.id ?? null);
  const payload = {
    type: 'block_actions',
    ...commonPayload(state, user),
    trigger_id: id,
    ...placePayload(state, user, place, element, chosen),
    actions: [actionOf(element, block, chosen)],
  };
  const form = payloadForm('block_actions', payload);
  const deliveries = await Promise.all(Array.from({ length: request.times ?? 1 }, () => sendForm(state, form)));
  const failed = deliveries.find((delivery) => !delivery.acked);
  if (failed) notice(state, user.id, failureNotice(failed), { action_id: request.actionId });
  const acks = deliveries.map(asAck);
  const views = trigger.opened.flatMap((viewId) => state.views.find(viewId) ?? []);
  return {
    ...(failed ? asAck(failed) : (acks[0] as Ack)),
    acks,
    url: asText(element.url) ?? null,
    views: views.map((view) => viewOnWire(state, view)),
  };
}

function modalId({ view }: Place): string | null {
  return view?.type === 'modal' ? view.id : null;
}
