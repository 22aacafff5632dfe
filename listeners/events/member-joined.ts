import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import { deliverWhereInvited } from '../../app/cards/invited.ts';
import { installationOf } from '../actions/home-click.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';

/** Somebody joined a channel. Where that is the app itself, what waited for its invitation is delivered. */
export function memberJoined({ db, log }: ListenerDeps) {
  return async ({
    event,
    context,
  }: SlackEventMiddlewareArgs<'member_joined_channel'> & AllMiddlewareArgs): Promise<void> => {
    if (event.user !== context.botUserId) return;
    const installationId = await installationOf(db, workspaceOf(context));
    if (!installationId) return;
    const inviter = event.inviter ?? null;
    const cards = await deliverWhereInvited(db, { installationId, channel: event.channel, inviter });
    log.info('invited into a channel', { channel: event.channel, cards });
  };
}
