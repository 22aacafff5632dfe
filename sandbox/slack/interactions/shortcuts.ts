import { nowMs } from '../clock.ts';
import { RequestRefused } from '../errors.ts';
import type { Channel, Json } from '../model.ts';
import type { SlackState } from '../state.ts';
import { messageOnWire, viewOnWire } from '../wire.ts';
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

export interface ShortcutRequest {
  user: string;
  channel: string;
  messageTs: string;
  callbackId: string;
}

export interface ShortcutResult extends Ack {
  /** What was opened until the app had answered. */
  views: Json[];
}

const nameOf = ({ kind, name }: Channel) =>
  kind === 'public' ? name : kind === 'private' ? 'privategroup' : 'directmessage';

/**
 * Uses a message shortcut. The payload is a `message_action`: without `api_app_id` and `user.username`, as Slack's own
 * samples have it. Throws RequestRefused for a message that is not there or a shortcut that the app does not have.
 */
export async function runShortcut(state: SlackState, request: ShortcutRequest): Promise<ShortcutResult> {
  const user = person(state, request.user);
  const channel = channelFor(state, user.id, request.channel);
  const message = state.messages.get(channel.id, request.messageTs);
  const { app, installation, tickets } = state;
  const known = app.shortcuts?.some(({ callbackId }) => callbackId === request.callbackId) ?? true;
  const may = installation.installed && installation.botScopes.has('commands');
  if (!known || !may) throw new RequestRefused(400, `there is no shortcut ${request.callbackId}`);
  if (!message || message.ephemeralTo) throw new RequestRefused(404, `there is no message ${request.messageTs}`);
  const { id, trigger } = tickets.issueTrigger(user.id, null, channel.id);
  const { api_app_id: _app, ...common } = commonPayload(state, user);
  const response = {
    user: user.id,
    channel: channel.id,
    threadTs: message.threadTs ?? null,
    messageTs: message.ts,
    ephemeral: false,
  };
  const payload = {
    type: 'message_action',
    ...common,
    user: { id: user.id, name: user.name, team_id: state.team.id },
    callback_id: request.callbackId,
    action_ts: (nowMs() / 1000).toFixed(6),
    trigger_id: id,
    channel: { id: channel.id, name: nameOf(channel) },
    message_ts: message.ts,
    message: messageOnWire(state, message, 'none'),
    response_url: `${state.options.baseUrl()}/app/${state.team.id}/${tickets.issueResponse(response)}`,
  };
  const delivery = await sendForm(state, payloadForm('message_action', payload));
  if (!delivery.acked) notice(state, user.id, failureNotice(delivery), { channel: channel.id });
  const views = trigger.opened.flatMap((viewId) => state.views.find(viewId) ?? []);
  return { ...asAck(delivery), views: views.map((view) => viewOnWire(state, view)) };
}
