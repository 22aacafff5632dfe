import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { storeDecision } from '../../app/decisions/store.ts';
import { reasonInput } from '../../app/slack/ids.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { reasonMetadata } from './reason-view.ts';

/** Reject with its reason: stored before the form closes; what is wrong is said at the field and nothing typed is lost. */
export function reasonSubmitted({ db }: ListenerDeps) {
  return async ({ ack, body, context, view }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const typed = view.state.values[reasonInput.blockId]?.[reasonInput.actionId]?.value?.trim() ?? '';
    const refuse = (text: string) => ack({ response_action: 'errors', errors: { [reasonInput.blockId]: text } });
    if (typed === '') return refuse('Say in a few words why: whoever entered it has to understand it.');
    const metadata = reasonMetadata.safeParse(parseJson(view.private_metadata));
    if (!metadata.success)
      return refuse('This form belongs to another version of the app. Close it and press Reject again.');
    const { cardKey, seen, messageId } = metadata.data;
    const stored = await storeDecision(db, {
      clickKey: `view:${view.id}`,
      workspace: workspaceOf(context),
      cardKey,
      seen,
      messageId,
      person: body.user.id,
      action: 'reject',
      reason: typed.slice(0, 1_000),
    });
    if (stored === 'unknown_card')
      return refuse('This card is not known any more. Reject the document in the ERP instead.');
    return ack();
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
