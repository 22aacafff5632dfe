import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ListenerDeps } from '../deps.ts';
import { notOurs } from './click.ts';

/** A button of another version: acknowledged, so that Slack shows no error, and explained. */
export function unknownClicked({ later, log }: ListenerDeps) {
  return async ({ ack, body, respond }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const action = 'actions' in body ? body.actions[0] : undefined;
    log.warn('unknown button', { action: action && 'action_id' in action ? action.action_id.slice(0, 100) : 'none' });
    if (body.type === 'block_actions' && body.response_url) {
      later(respond({ text: notOurs, response_type: 'ephemeral', replace_original: false }));
    }
  };
}
