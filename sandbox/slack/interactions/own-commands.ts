import { RequestRefused } from '../errors.ts';
import { invite, leaveChannel, remove } from '../membership.ts';
import type { Channel, User } from '../model.ts';
import type { SlackState } from '../state.ts';
import { type Ack, notice } from './interaction.ts';

const notSent: Ack = { acked: false, status: null, ms: 0, failure: 'not_sent' };

/** Slack's own commands about who is in a channel; what is refused is said to the person. Undefined for others. */
export function runOwnCommand(
  state: SlackState,
  user: User,
  channel: Channel,
  request: { command: string; text?: string | undefined },
): (Ack & { answer: string }) | undefined {
  const names = (request.text ?? '').split(/[,\s]+(?=@|<@)/).filter((name) => name.trim() !== '');
  const each = (change: typeof invite) => () => {
    for (const name of names.length > 0 ? names : ['']) change(state, channel, user, name);
  };
  const own: Record<string, () => void> = {
    '/invite': each(invite),
    '/remove': each(remove),
    '/kick': each(remove),
    '/leave': () => leaveChannel(state, channel, user),
  };
  const run = own[request.command];
  if (!run) return undefined;
  try {
    run();
    return { ...notSent, answer: '' };
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    notice(state, user.id, `${request.command}: ${error.message}`, { channel: channel.id });
    return { ...notSent, answer: error.message };
  }
}
