import type { AllMiddlewareArgs, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import type { Spot } from '../../app/cards/standing.ts';
import type { Said } from '../../app/notes/said.ts';
import { type StoredNote, storeNote } from '../../app/notes/store.ts';
import type { ListenerDeps } from '../deps.ts';
import { readSaid } from './said.ts';
import { readShortcut } from './spot.ts';

const noCard =
  'This message is not in the thread of a card, so there is no document to record it with. Use “Record in the ERP” on a reply in a card’s thread.';

const answers: Record<Exclude<StoredNote, 'stored'>, string> = {
  no_card: noCard,
  digest:
    'A digest stands for many documents, so nothing was recorded. Show the documents one by one, then reply in the thread of the right card.',
  already_stored: 'This is on its way into the ERP already; the thread says when it is there.',
  already_recorded: 'This is recorded in the ERP already.',
};

const onItsWay = 'On its way into the ERP’s note; the thread says when it is there.';
const ourOwn = 'This is the app’s own message. What it tells is in the ERP already, so nothing was recorded.';
/** A reply in a card's thread goes into the ERP's note: stored before it is acknowledged; a job checks and writes. */
export function recordAsked({ db, later }: ListenerDeps) {
  return async ({ ack, body, context, respond }: SlackShortcutMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const asked = readShortcut(body, context);
    const said = asked && readSaid(asked.message, context.botUserId);
    const text = asked && said ? await answerTo(asked.spot, said) : noCard;
    await ack();
    later(respond({ text, response_type: 'ephemeral', replace_original: false }));

    async function answerTo(spot: Spot, words: Said): Promise<string> {
      const isReply = spot.thread !== null && spot.thread !== spot.messageId;
      if (!isReply) return noCard;
      if (words.author === context.botUserId) return ourOwn;
      const stored = await storeNote(db, spot, words);
      return stored === 'stored' ? onItsWay : answers[stored];
    }
  };
}
