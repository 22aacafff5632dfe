import { setTimeout as sleep } from 'node:timers/promises';
import type { AllMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Outcome } from '../../app/setup/submit.ts';
import { savedView } from '../../app/slack/forms/connection-answers.ts';
import { connectionFormView } from '../../app/slack/forms/connection-form.ts';
import { plainView } from '../../app/slack/forms/plain-view.ts';
import { answerInHome } from '../actions/home-click.ts';
import type { ListenerDeps } from '../deps.ts';

/** What a form shows of what came of sending it off. */
export function viewOf(outcome: Exclude<Outcome, { kind: 'superseded' }>): ModalView {
  switch (outcome.kind) {
    case 'form':
      return connectionFormView(outcome.form);
    case 'saved':
      return savedView(outcome);
    case 'refused':
      return plainView('Not possible', outcome.why);
  }
}

/** Slack has to have shown the answer before what replaces it. */
const afterAnswerMs = 500;
const repeatAfterMs = 1_000;

/** Shows it in the modal that says "Checking …"; where that cannot be, a line in Home says what came of it. */
export async function showLater(
  deps: ListenerDeps,
  client: AllMiddlewareArgs['client'],
  { viewId, ...who }: { viewId: string; workspace: string; person: string },
  outcome: Outcome | ModalView,
): Promise<void> {
  if ('kind' in outcome && outcome.kind === 'superseded') return;
  const view = 'kind' in outcome ? viewOf(outcome) : outcome;
  await sleep(afterAnswerMs);
  const update = () => client.views.update({ view_id: viewId, view });
  try {
    await update().catch(() => sleep(repeatAfterMs).then(update));
  } catch (error) {
    deps.log.warn('what came of a form was not shown in it', { error });
    const saved = 'kind' in outcome && outcome.kind === 'saved';
    const notice = saved
      ? `“${outcome.name}” is saved.`
      : 'The connection that you sent off is not saved yet: open its form again, what you entered is kept for an hour.';
    await answerInHome(deps, who, { notice });
  }
}
