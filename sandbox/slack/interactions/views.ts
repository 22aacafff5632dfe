import { checkView } from '../blocks/view.ts';
import { isUnfilled, placedElements } from '../elements.ts';
import { RequestRefused, SlackError } from '../errors.ts';
import { asText, isJson, type Json, type View } from '../model.ts';
import type { Delivery } from '../sending.ts';
import type { SlackState } from '../state.ts';
import { blocksOf } from '../view-store.ts';
import { viewOnWire } from '../wire.ts';
import { fillIn, type GivenValues } from './filling.ts';
import { type Ack, asAck, commonPayload, failureNotice, notice, payloadForm, person, sendForm } from './interaction.ts';

export interface SubmitResult extends Ack {
  /** Messages by block id: from the client for inputs that are not filled in properly, or from the app. */
  errors?: Record<string, string>;
  closed: boolean;
  views: Json[];
}

function openModal(state: SlackState, user: string, viewId: string): View {
  const view = state.views.find(viewId);
  if (!view || view.user !== user || view.type !== 'modal') throw new RequestRefused(404, `there is no view ${viewId}`);
  return view;
}

function complaint(element: Json, filled: Json): string | undefined {
  const text = asText(filled.value);
  if (text === undefined) return undefined;
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && text.length < min) return `Must be at least ${min} characters.`;
  if (typeof max === 'number' && text.length > max) return `Must be at most ${max} characters.`;
  if (element.type === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(text)) return 'Enter a valid email address.';
  if (element.type === 'url_text_input' && !URL.canParse(text)) return 'Enter a valid URL.';
  if (element.type !== 'number_input') return undefined;
  const number = Number(text);
  const fits = element.is_decimal_allowed ? Number.isFinite(number) : Number.isInteger(number);
  if (!fits) return 'Enter a valid number.';
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Must be at least ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Must be at most ${element.max_value}.`;
  return undefined;
}

/** What Slack's client itself refuses to submit. */
function clientErrors(view: View): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { block, element } of placedElements(blocksOf(view))) {
    const blockId = String(block.block_id);
    const filled = view.values[blockId]?.[String(element.action_id)];
    if (block.type !== 'input' || !filled) continue;
    const missing = isUnfilled(filled) && block.optional !== true;
    const reason = missing ? 'Please complete this required field.' : complaint(element, filled);
    if (reason) errors[blockId] = reason;
  }
  return errors;
}

function tellClosed(state: SlackState, views: readonly View[]): void {
  for (const view of views) state.streams.tell([view.user], { type: 'view_closed', data: { id: view.id } });
}

function shown(state: SlackState, user: string): Json[] {
  return state.views.stack(user).map((view) => viewOnWire(state, view));
}

function parseAnswer(delivery: Delivery): Json {
  if (delivery.body.trim() === '') return {};
  try {
    const answer: unknown = JSON.parse(delivery.body);
    if (isJson(answer)) return answer;
  } catch {
    // said below
  }
  throw new SlackError('invalid_response');
}

/** Does what the app answered to a submission; throws SlackError when that makes no sense. */
function followAnswer(state: SlackState, view: View, answer: Json): Record<string, string> | undefined {
  switch (answer.response_action) {
    case undefined:
      if (Object.keys(answer).length > 0) throw new SlackError('invalid_response');
      tellClosed(state, state.views.close(view));
      return undefined;
    case 'clear':
      tellClosed(state, state.views.clear(view.user));
      return undefined;
    case 'errors':
      return readErrors(view, answer.errors);
    case 'update':
      checkView(answer.view, 'modal');
      state.views.update(view, answer.view);
      state.streams.tell([view.user], { type: 'view_updated', data: viewOnWire(state, view) });
      return undefined;
    case 'push': {
      checkView(answer.view, 'modal');
      const pushed = state.views.push(view.user, answer.view);
      state.streams.tell([view.user], { type: 'view_opened', data: viewOnWire(state, pushed) });
      return undefined;
    }
    default:
      throw new SlackError('invalid_response_action');
  }
}

/** Keys must be ids of input blocks of the view. */
function readErrors(view: View, errors: unknown): Record<string, string> {
  if (!isJson(errors) || Object.keys(errors).length === 0) throw new SlackError('invalid_errors');
  const inputs = blocksOf(view).filter((block) => block.type === 'input');
  for (const [blockId, text] of Object.entries(errors)) {
    const known = inputs.some((block) => block.block_id === blockId);
    if (!known || typeof text !== 'string') throw new SlackError(`invalid_errors: ${blockId}`);
  }
  return errors as Record<string, string>;
}

/** Submits a modal as a person does. Throws RequestRefused (404) when the view or an input is not there. */
export async function submitView(
  state: SlackState,
  request: { user: string; viewId: string; values?: GivenValues | undefined },
): Promise<SubmitResult> {
  const user = person(state, request.user);
  const view = openModal(state, user.id, request.viewId);
  fillIn(state, view, request.values ?? {});
  const refused = clientErrors(view);
  const isOpen = () => state.views.find(view.id) !== undefined;
  if (Object.keys(refused).length > 0) {
    const unsent: Ack = { acked: false, status: null, ms: 0, failure: 'not_sent' };
    return { ...unsent, errors: refused, closed: false, views: shown(state, user.id) };
  }
  const { id } = state.tickets.issueTrigger(user.id, view.id, view.openedFrom);
  const payload = {
    type: 'view_submission',
    ...commonPayload(state, user),
    trigger_id: id,
    view: viewOnWire(state, view),
    response_urls: [],
  };
  const delivery = await sendForm(state, payloadForm('view_submission', payload));
  const result = (errors?: Record<string, string>): SubmitResult => ({
    ...asAck(delivery),
    ...(errors ? { errors } : {}),
    closed: !isOpen(),
    views: shown(state, user.id),
  });
  if (!delivery.acked) {
    notice(state, user.id, failureNotice(delivery), { view_id: view.id });
    return result();
  }
  try {
    return result(followAnswer(state, view, parseAnswer(delivery)));
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    notice(state, user.id, `We had some trouble connecting. Try again? (${error.error})`, { view_id: view.id });
    return { ...result(), failure: error.error };
  }
}

/** Closes a modal: with `all` the whole stack, as the x button does. Tells the app where it asked to be told. */
export async function closeView(
  state: SlackState,
  request: { user: string; viewId: string; all?: boolean | undefined },
): Promise<{ closed: boolean; ack: Ack | null }> {
  const user = person(state, request.user);
  const view = openModal(state, user.id, request.viewId);
  const all = request.all === true || view.definition.clear_on_close === true;
  const root = state.views.find(view.rootViewId) ?? view;
  const told = all ? root : view;
  const wire = viewOnWire(state, told);
  tellClosed(state, all ? state.views.clear(user.id) : state.views.close(view));
  if (told.definition.notify_on_close !== true) return { closed: true, ack: null };
  const payload = { type: 'view_closed', ...commonPayload(state, user), view: wire, is_cleared: all };
  return { closed: true, ack: asAck(await sendForm(state, payloadForm('view_closed', payload))) };
}
