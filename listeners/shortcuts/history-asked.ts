import type { AllMiddlewareArgs, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import { cardAt } from '../../app/cards/standing.ts';
import { historySentence } from '../../app/slack/messages/history.ts';
import type { ListenerDeps } from '../deps.ts';
import { fillHistory } from './fill-history.ts';
import { drawHistory } from './history.ts';
import { readShortcut } from './spot.ts';

const noCard =
  'This message is no card of a document, so there is no history to show. Use “Show history” on a card, on a digest, or on a reply in a card’s thread.';
const notOpened = 'Slack did not open the history in time. Try again; asking twice does no harm.';

/**
 * The history of the card that somebody points at. Whoever sees the channel sees the card, so no other right is asked
 * for. The form opens at once, while its trigger is young, and is filled in when the database has answered.
 */
export function historyAsked(deps: ListenerDeps) {
  return async ({
    ack,
    body,
    client,
    context,
    respond,
  }: SlackShortcutMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const asked = readShortcut(body, context);
    if (!asked) return;
    const { spot, triggerId } = asked;
    const opened = client.views.open({ trigger_id: triggerId, view: historySentence('Looking …') });
    deps.later(
      opened.then(
        ({ view }) =>
          fillHistory(deps, client, view?.id, async () => {
            const card = await cardAt(deps.db, spot);
            if (!card) return historySentence(noCard);
            const { channel, documentId, cardId } = card;
            return drawHistory(deps, spot, documentId ? { documentId, channel } : { digestId: cardId, channel });
          }),
        (error) => {
          deps.log.warn('history not opened', { error });
          return respond({ text: notOpened, response_type: 'ephemeral', replace_original: false });
        },
      ),
    );
  };
}
