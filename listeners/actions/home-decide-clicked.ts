import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import { readTicket } from '../../app/cards/content.ts';
import { storeDecision } from '../../app/decisions/store.ts';
import type { ActionName } from '../../app/domain/document.ts';
import type { ListenerDeps } from '../deps.ts';
import { reasonView } from '../views/reason-view.ts';
import { answerInHome, notOursInHome, readHomeClick } from './home-click.ts';

/** Approve, release, put on hold in Home: as on a card, stored before it is acknowledged; a job carries it out. */
export function homeDecideClicked(deps: ListenerDeps, action: ActionName) {
  return async ({ ack, body, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readHomeClick(body, context);
    const ticket = readTicket(click?.value);
    const stored =
      click && ticket
        ? await storeDecision(deps.db, {
            clickKey: `${click.clickKey}:${ticket.key}`,
            workspace: click.workspace,
            cardKey: ticket.key,
            seen: ticket.seen,
            action,
            person: click.person,
            reason: null,
            messageId: null,
          })
        : 'unknown_card';
    await ack();
    if (click) deps.later(answerInHome(deps, click, stored === 'unknown_card' ? { notice: notOursInHome } : {}));
  };
}

/** Reject in Home asks for a reason first, in the same form as on a card. */
export function homeRejectClicked(deps: ListenerDeps) {
  return async ({ ack, body, client, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const click = readHomeClick(body, context);
    if (!click) return;
    const ticket = readTicket(click.value);
    if (!ticket) return deps.later(answerInHome(deps, click, { notice: notOursInHome }));
    const view = reasonView({ cardKey: ticket.key, seen: ticket.seen, channel: null, messageId: null });
    deps.later(
      client.views.open({ trigger_id: click.triggerId, view }).catch((error) => {
        deps.log.warn('reason form not opened', { error });
        const notice = 'Slack did not open the form for your reason in time, so nothing was done. Press Reject again.';
        return answerInHome(deps, click, { notice });
      }),
    );
  };
}
