import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import { type Expanded, expandDigest } from '../../app/digests/expand.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { ListenerDeps } from '../deps.ts';
import { notOurs, readClick } from './click.ts';

/** The cards of a digest are wanted one by one. */
export function digestExpandClicked({ db, later }: ListenerDeps) {
  return async ({ ack, body, context, respond }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick(body, context);
    const expanded = click && (await expandDigest(db, click));
    await ack();
    const text = expanded ? announce(expanded) : notOurs;
    later(respond({ text, response_type: 'ephemeral', replace_original: false }));
  };
}

function announce({ cards, kind }: Expanded): string {
  if (cards === 0) return `These ${documentWords(kind).many} have cards of their own already.`;
  return cards === 1 ? 'One card is on its way.' : `${cards} cards are on their way, one a second.`;
}
