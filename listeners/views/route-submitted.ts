import { setTimeout as sleep } from 'node:timers/promises';
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewOutput } from '@slack/bolt';
import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { routeFormId } from '../../app/slack/forms/route-ids.ts';
import { countingBlocks, warningBlocks } from '../../app/slack/forms/route-preview-blocks.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { type Answer, submitRoute } from './route-submission.ts';
import { routeView } from './route-view.ts';

/** Slack waits three seconds; what takes longer than this comes into the open form afterwards. */
const answerWithinMs = 2_000;
/** Slack has to have taken the answer before the form may be changed again. */
const settleMs = 1_000;

/** The route form was sent: first it comes back with what the route would have meant, and sent so again it is saved. */
export function routeSubmitted(deps: ListenerDeps) {
  return async ({ ack, body, client, context, view }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const asked = { workspace: workspaceOf(context), person: body.user.id, view, client };
    const answered = submitRoute(deps, asked).catch((error): Answer => {
      deps.log.error('a route form was not taken', { error });
      return {
        view: asSent(
          view,
          warningBlocks([['That did not work just now. What you typed is here; try again in a minute.']]),
        ),
      };
    });
    const answer = await Promise.race([answered, sleep(answerWithinMs, undefined, { ref: false })]);
    if (!answer) {
      deps.later(fillIn());
      return ack({ response_action: 'update', view: asSent(view, countingBlocks()) });
    }
    if ('errors' in answer && hasInputs(view, Object.keys(answer.errors)))
      return ack({ response_action: 'errors', errors: answer.errors });
    return ack({ response_action: 'update', view: await drawn(deps, answer) });

    async function fillIn(): Promise<void> {
      const [late] = await Promise.all([answered, sleep(settleMs)]);
      await client.views.update({ view_id: view.id, view: await drawn(deps, late) });
    }
  };
}

/** What is wrong is said at its field; where that cannot be any more, it is said below all. */
async function drawn({ db }: ListenerDeps, answer: Answer): Promise<ModalView> {
  if ('view' in answer) return answer.view;
  const problems = Object.values(answer.errors).map((text) => [text]);
  return routeView(db, { ...answer.form, below: warningBlocks([['Nothing is saved yet.'], ...problems]) });
}

function hasInputs(view: ViewOutput, ids: string[]): boolean {
  const inputs = (view.blocks as KnownBlock[]).filter((block): block is InputBlock => block.type === 'input');
  return ids.every((id) => inputs.some((block) => block.block_id === id));
}

/** The form as it was sent, with a word below it in the place of what stood there. */
function asSent(view: ViewOutput, below: KnownBlock[]): ModalView {
  const blocks = view.blocks as KnownBlock[];
  const end = blocks.findIndex((block) => block.type === 'divider');
  return {
    type: 'modal',
    callback_id: routeFormId,
    private_metadata: view.private_metadata,
    title: { type: 'plain_text', text: view.title.text },
    close: { type: 'plain_text', text: 'Cancel' },
    submit: { type: 'plain_text', text: view.submit?.text ?? 'Preview' },
    blocks: [...(end < 0 ? blocks : blocks.slice(0, end)), ...below],
  };
}
