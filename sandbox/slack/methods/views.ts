import { checkView } from '../blocks/view.ts';
import { invalidArguments, SlackError } from '../errors.ts';
import type { Json, View } from '../model.ts';
import type { StreamEvent } from '../streams.ts';
import { viewOnWire } from '../wire.ts';
import type { Call, Method } from './method.ts';

function readView(call: Call, type: 'modal' | 'home'): Json {
  const view = call.args.structure('view', invalidArguments('must be valid JSON [json-pointer:/view]'));
  if (view === undefined) throw invalidArguments('missing required field: view');
  checkView(view, type);
  return view;
}

function answer({ state }: Call, view: View, type: StreamEvent['type']): Json {
  const wire = viewOnWire(state, view);
  state.streams.tell([view.user], { type, data: wire });
  return { ok: true, view: wire };
}

function open(call: Call): Json {
  const definition = readView(call, 'modal');
  const trigger = call.state.tickets.exchangeTrigger(call.args.required('trigger_id'));
  const view = call.state.views.open(trigger.user, definition, trigger.channel);
  trigger.opened.push(view.id);
  return answer(call, view, 'view_opened');
}

/** The trigger must come from a modal that is open. */
function push(call: Call): Json {
  const definition = readView(call, 'modal');
  const trigger = call.state.tickets.exchangeTrigger(call.args.required('trigger_id'));
  if (trigger.viewId === null) throw new SlackError('invalid_trigger_id');
  const view = call.state.views.push(trigger.user, definition);
  trigger.opened.push(view.id);
  return answer(call, view, 'view_opened');
}

function update(call: Call): Json {
  const { state, args } = call;
  const viewId = args.text('view_id');
  const externalId = args.text('external_id');
  if (!viewId && !externalId) throw invalidArguments('missing required field: view_id');
  const view = viewId ? state.views.find(viewId) : state.views.findByExternalId(externalId);
  const definition = readView(call, view?.type ?? 'modal');
  if (!view) throw new SlackError('not_found');
  return answer(call, state.views.update(view, definition, args.text('hash')), 'view_updated');
}

function publish(call: Call): Json {
  const { state, args } = call;
  const user = args.required('user_id');
  const definition = readView(call, 'home');
  if (!state.roster.users.has(user)) throw invalidArguments('user_id is not a valid user [json-pointer:/user_id]');
  return answer(call, state.views.publish(user, definition, args.text('hash')), 'home_published');
}

export const viewMethods: Record<string, Method> = {
  'views.open': { tier: 4, run: open },
  'views.push': { tier: 4, run: push },
  'views.update': { tier: 4, run: update },
  'views.publish': { tier: 4, run: publish },
};
