import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import { storeDecision } from '../../app/decisions/store.ts';
import type { ActionName } from '../../app/domain/document.ts';
import type { ListenerDeps } from '../deps.ts';
import { notOurs, readClick } from './click.ts';

/** Approve, release, put on hold: stored before it is acknowledged; a job carries it out. */
export function decideClicked({ db, later }: ListenerDeps, action: ActionName) {
  return async ({ ack, body, context, respond }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick(body, context);
    const stored = click ? await storeDecision(db, { ...click, action, reason: null }) : 'unknown_card';
    await ack();
    if (stored === 'unknown_card')
      later(respond({ text: notOurs, response_type: 'ephemeral', replace_original: false }));
  };
}
