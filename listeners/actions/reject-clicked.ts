import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ListenerDeps } from '../deps.ts';
import { reasonView } from '../views/reason-view.ts';
import { notOurs, readClick } from './click.ts';

/** Reject asks for a reason first: the form opens while its trigger is young, nothing is decided yet. */
export function rejectClicked({ later, log }: ListenerDeps) {
  return async ({
    ack,
    body,
    client,
    context,
    respond,
  }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const click = readClick(body, context);
    const tell = (text: string) => respond({ text, response_type: 'ephemeral', replace_original: false });
    if (!click) return later(tell(notOurs));
    const { cardKey, seen, channel, messageId } = click;
    const view = reasonView({ cardKey, seen, channel, messageId });
    later(
      client.views.open({ trigger_id: click.triggerId, view }).catch((error) => {
        log.warn('reason form not opened', { error });
        return tell('Slack did not open the form for your reason in time, so nothing was done. Press Reject again.');
      }),
    );
  };
}
