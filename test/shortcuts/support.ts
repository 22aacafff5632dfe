import { shortcutIds } from '../../app/slack/ids.ts';
import type { BillFields } from '../../sandbox/acumatica/index.ts';
import type { View } from '../../sandbox/slack/model.ts';
import { type LaneGiven, type Posted, postBill } from '../support/lanes.ts';
import { type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

/** Every text in a view, in order: what a person reads there. */
export function wordsOf(view: View | undefined): string {
  const found: string[] = [];
  JSON.stringify(view?.definition.blocks ?? [], (key, value: unknown) => {
    if (
      (key === 'text' || key === 'fallback' || key === 'user_id' || key === 'channel_id') &&
      typeof value === 'string'
    )
      found.push(value);
    return value;
  });
  return found.join('\n');
}

/** A bill whose card stands in a lane of its own, and whose row knows where. */
export async function postStanding(product: Product, fields: BillFields = {}, given: LaneGiven = {}): Promise<Posted> {
  const posted = await postBill(product, fields, given);
  await waitUntil(() => product.database.db('cards').where({ message_id: posted.card.ts }).first('id'), {
    what: 'the row knows where its card stands',
  });
  return posted;
}

/** Uses “Show history” on a message, and waits for the form to be filled in. */
export async function showHistory(
  product: Product,
  message: { channel: string; ts: string },
  user: string = people.buyer,
): Promise<View> {
  const { slack } = product.sandbox;
  const request = { user, channel: message.channel, messageTs: message.ts, callbackId: shortcutIds.history };
  const { acked } = await slack.shortcut(request);
  if (!acked) throw new Error(`Show history was not acknowledged:\n${product.logLines.slice(-10).join('')}`);
  return filled(product, user);
}

/** The person's form, once it is filled in and `accept` likes it. */
export function filled(
  product: Product,
  user: string = people.buyer,
  accept: (words: string) => boolean = (words) => words !== 'Looking …',
): Promise<View> {
  return waitUntil(() => product.sandbox.slack.openViews(user).find((view) => accept(wordsOf(view))), {
    what: () => `the form of ${user}; the log says:\n${product.logLines.slice(-15).join('')}`,
  });
}

/** Presses a button of the form. */
export function press(product: Product, view: View, actionId: string, blockId?: string, user: string = people.buyer) {
  return product.sandbox.slack.click({ user, viewId: view.id, actionId, ...(blockId ? { blockId } : {}) });
}

export async function closeForms(product: Product, user: string = people.buyer): Promise<void> {
  const [view] = product.sandbox.slack.openViews(user);
  if (view) await product.sandbox.slack.closeView(user, view.id, true);
}
