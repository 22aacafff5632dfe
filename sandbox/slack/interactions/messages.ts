import { checkMessageBlocks } from '../blocks/check.ts';
import { nowSeconds } from '../clock.ts';
import { RequestRefused, SlackError } from '../errors.ts';
import { newId } from '../ids.ts';
import { joinChannel } from '../membership.ts';
import { asText, type Channel, isJson, type Json, type Message, type SharedFile } from '../model.ts';
import { type Content, changeMessage, publishMessage, removeMessage } from '../posting.ts';
import type { Delivery } from '../sending.ts';
import type { SlackState } from '../state.ts';
import type { ResponseTarget } from '../tickets.ts';
import { fileOnWire } from '../wire.ts';
import { type Ack, asAck, channelFor, inEnterprise, notice, person, sendForm } from './interaction.ts';
import { sharedLinks, tellOfLinks } from './links.ts';
import { runOwnCommand } from './own-commands.ts';

const messageEvents = { public: 'message.channels', private: 'message.groups', im: 'message.im' } as const;

export interface PostRequest {
  user: string;
  channel: string;
  /** May be empty where there are files. */
  text: string;
  threadTs?: string | undefined;
  files?: Array<{ name: string; mimetype: string; content: Buffer }> | undefined;
}

/** A person writes a message; the app hears of it where it subscribes, may read and is a member. */
export function postAsPerson(state: SlackState, request: PostRequest): Message {
  const user = person(state, request.user);
  const channel = channelFor(state, user.id, request.channel);
  if (channel.isArchived) throw new RequestRefused(400, 'the channel is archived');
  if (request.text === '' && !request.files?.length) throw new RequestRefused(400, 'there is no text');
  const root = state.messages.get(channel.id, request.threadTs);
  if (request.threadTs && !root) throw new RequestRefused(404, `there is no message ${request.threadTs}`);
  joinChannel(state, channel, user, { silently: true });
  const threadTs = root?.threadTs ?? root?.ts;
  const files = request.files?.map((file): SharedFile => ({ id: newId('F'), created: nowSeconds(), ...file }));
  const message = publishMessage(state, { channel, user: user.id, byApp: false, text: request.text, threadTs, files });
  for (const file of files ?? []) state.files.set(file.id, file);
  tellApp(state, channel, message);
  tellOfLinks(state, channel, message, sharedLinks(state, request.text));
  return message;
}

function tellApp(state: SlackState, channel: Channel, message: Message): void {
  const { installation } = state;
  if (!channel.members.has(installation.botUserId)) return;
  const event = {
    user: message.user,
    ts: message.ts,
    client_msg_id: newId('M'),
    text: message.text,
    team: state.team.id,
    channel: channel.id,
    event_ts: message.ts,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.files ? { files: message.files.map((file) => fileOnWire(state, file, message.user)) } : {}),
  };
  const prefix = channel.kind === 'im' ? 'im' : channel.kind === 'public' ? 'channels' : 'groups';
  if (installation.botScopes.has(`${prefix}:history`)) {
    const type = channel.kind === 'im' ? 'im' : channel.kind === 'public' ? 'channel' : 'group';
    const subtype = message.files ? { subtype: 'file_share' } : {};
    const subscription = messageEvents[channel.kind];
    state.events.emit({ type: 'message', ...subtype, subscription, ...event, channel_type: type });
  }
  if (message.pinged.includes(installation.botUserId) && installation.botScopes.has('app_mentions:read')) {
    state.events.emit({ type: 'app_mention', ...event });
  }
}

function readAnswer(state: SlackState, values: Json): Content {
  const blocks = values.blocks;
  if (blocks !== undefined) checkMessageBlocks(blocks, state.options.onlyOneTable ?? true);
  const text = asText(values.text) ?? '';
  if (text === '' && (blocks === undefined || blocks.length === 0)) throw new SlackError('no_text');
  return { text, blocks };
}

function showAnswer(state: SlackState, target: Omit<ResponseTarget, 'issuedAtMs' | 'uses'>, values: Json): void {
  const channel = state.roster.channels.get(target.channel);
  if (!channel) throw new SlackError('channel_not_found');
  const inChannel = values.response_type === 'in_channel' && !target.ephemeral;
  publishMessage(state, {
    ...readAnswer(state, values),
    channel,
    user: state.installation.botUserId,
    byApp: true,
    threadTs: asText(values.thread_ts) ?? target.threadTs ?? undefined,
    ephemeralTo: inChannel ? undefined : target.user,
    kind: 'response',
  });
}

/** One use of a response_url: five times in half an hour. Throws SlackError with the reason. */
export function answerByUrl(state: SlackState, key: string, values: Json): void {
  const target = state.tickets.spendResponse(key);
  const original = state.messages.get(target.channel, target.messageTs ?? undefined);
  state.counters.responses += 1;
  if (values.delete_original === true || values.delete_original === 'true') {
    if (original) removeMessage(state, original);
    return;
  }
  if (values.replace_original === true || values.replace_original === 'true') {
    if (original) changeMessage(state, original, readAnswer(state, values));
    else showAnswer(state, target, values);
    return;
  }
  showAnswer(state, target, values);
}

export interface CommandRequest {
  user: string;
  channel: string;
  command: string;
  text?: string | undefined;
}

/** Types a slash command. Throws RequestRefused for a command that no app has. */
export async function runCommand(state: SlackState, request: CommandRequest): Promise<Ack & { answer: string }> {
  const user = person(state, request.user);
  const channel = channelFor(state, user.id, request.channel);
  const own = runOwnCommand(state, user, channel, request);
  if (own) return own;
  const known = state.app.commands?.includes(request.command) ?? request.command.startsWith('/');
  const may = state.installation.installed && state.installation.botScopes.has('commands');
  if (!known || !may) throw new RequestRefused(400, `${request.command} is not a valid command`);
  const target = { user: user.id, channel: channel.id, threadTs: null, messageTs: null, ephemeral: false };
  const key = state.tickets.issueResponse(target);
  const body = new URLSearchParams({
    token: state.app.verificationToken,
    team_id: state.team.id,
    team_domain: state.team.domain,
    channel_id: channel.id,
    channel_name: channel.kind === 'private' ? 'privategroup' : channel.name,
    user_id: user.id,
    user_name: user.name,
    command: request.command,
    text: request.text ?? '',
    api_app_id: state.app.appId,
    ...inEnterprise(state),
    is_enterprise_install: String(state.orgWide),
    response_url: `${state.options.baseUrl()}/commands/${state.team.id}/${key}`,
    trigger_id: state.tickets.issueTrigger(user.id, null, channel.id).id,
  }).toString();
  const delivery = await sendForm(state, { what: 'slash_command', body });
  if (!delivery.acked) {
    const error = delivery.failure === 'http_timeout' ? 'operation_timeout' : 'dispatch_failed';
    notice(state, user.id, `${request.command} failed with the error "${error}"`, { channel: channel.id });
    return { ...asAck(delivery), answer: '' };
  }
  showCommandAnswer(state, target, request, delivery);
  return { ...asAck(delivery), answer: delivery.body };
}

function showCommandAnswer(
  state: SlackState,
  target: Parameters<typeof showAnswer>[1],
  request: CommandRequest,
  delivery: Delivery,
): void {
  if (delivery.body.trim() === '') return;
  const values = parseBody(delivery);
  const channel = state.roster.channels.get(target.channel);
  if (values.response_type === 'in_channel' && channel) {
    const text = `${request.command} ${request.text ?? ''}`.trim();
    publishMessage(state, { channel, user: target.user, byApp: false, text });
  }
  try {
    showAnswer(state, target, values);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    notice(state, target.user, `${request.command} failed with the error "${error.error}"`, {
      channel: target.channel,
    });
  }
}

function parseBody(delivery: Delivery): Json {
  try {
    const values: unknown = JSON.parse(delivery.body);
    if (isJson(values)) return values;
  } catch {
    // plain text is shown as it is
  }
  return { text: delivery.body };
}
