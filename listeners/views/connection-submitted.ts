import { setTimeout as sleep } from 'node:timers/promises';
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { hasProblems } from '../../app/setup/entered.ts';
import type { Outcome } from '../../app/setup/submit.ts';
import { checkingView, failedView } from '../../app/slack/forms/connection-answers.ts';
import { fieldOf } from '../../app/slack/forms/connection-form.ts';
import { readConnectionState } from '../../app/slack/forms/connection-state.ts';
import { connectorById } from '../../connectors/index.ts';
import { installationOf } from '../actions/home-click.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { readMetadata } from './connection-metadata.ts';
import { showLater, viewOf } from './connection-outcome.ts';

type Submitted = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

/** Slack waits three seconds. What takes longer is stored by then, or is not begun. */
const answerWithinMs = 2_000;
const storeWithinMs = 500;

const busy = 'The app is slow at the moment, so nothing was done. What you entered stands here: send it off again.';
const notOurs = 'This form belongs to another version of the app. Close it and open it again from the Home tab.';
const sentAgain = 'This form was sent off once more meanwhile; what comes of that is shown here.';
const failed = 'That did not work just now, and nothing was saved. Send it off again in a minute.';

/**
 * The form of a connection was sent off. What is wrong is said at its field at once where that is known in time; else the
 * form says that it is checking, and what came of it when it is known. By then all that was typed is stored.
 */
export function connectionSubmitted(deps: ListenerDeps) {
  return async ({ ack, body, client, context, view }: Submitted): Promise<void> => {
    const refuse = (text: string) => ack({ response_action: 'errors', errors: { [firstInput(view)]: text } });
    const metadata = readMetadata(view.private_metadata);
    const connector = metadata && connectorById(metadata.connector);
    const entered = connector && readConnectionState(view.state.values, connector);
    if (!metadata || !entered) return refuse(notOurs);

    const abandon = new AbortController();
    const kept = Promise.withResolvers<void>();
    const work = submit().catch((error): Outcome | 'failed' => {
      deps.log.error('a connection was not saved', { error });
      return 'failed';
    });
    async function submit(): Promise<Outcome> {
      const installationId = await installationOf(deps.db, workspaceOf(context));
      if (!installationId || !metadata || !entered) return { kind: 'refused', why: notOurs };
      const owner = { installationId, person: body.user.id };
      const hooks = { onKept: kept.resolve, abandoned: abandon.signal };
      return deps.setup.submit(owner, { metadata, entered }, hooks);
    }

    const quick = await Promise.race([work, sleep(answerWithinMs, undefined, { ref: false })]);
    if (quick) return answer(quick);
    const late = await Promise.race([
      work,
      kept.promise.then(() => 'kept' as const),
      sleep(storeWithinMs, undefined, { ref: false }),
    ]);
    if (late === undefined) {
      abandon.abort();
      deps.later(work);
      return refuse(busy);
    }
    if (late !== 'kept') return answer(late);
    await ack({ response_action: 'update', view: checkingView(metadata) });
    const place = { viewId: view.id, workspace: workspaceOf(context), person: body.user.id };
    deps.later(
      work.then((outcome) => showLater(deps, client, place, outcome === 'failed' ? failedView(metadata) : outcome)),
    );

    async function answer(outcome: Outcome | 'failed'): Promise<void> {
      if (outcome === 'failed') return refuse(failed);
      if (outcome.kind === 'superseded') return refuse(sentAgain);
      const errors = outcome.kind === 'form' && errorsAt(outcome.form, view);
      return errors
        ? ack({ response_action: 'errors', errors })
        : ack({ response_action: 'update', view: viewOf(outcome) });
    }
  };
}

/** Errors by block id of the form as it stands, where it can say all of them so: then nothing in it is drawn anew. */
function errorsAt(
  { problems, conflict }: Extract<Outcome, { kind: 'form' }>['form'],
  view: Submitted['view'],
): Record<string, string> | null {
  if (conflict || problems.others.length > 0 || !hasProblems(problems)) return null;
  const blocks = view.blocks.flatMap(({ block_id: id, type }) => (type === 'input' && id ? [id] : []));
  const errors = Object.entries(problems.byField).map(([field, text]) => {
    const block = blocks.find((id) => fieldOf(id) === field);
    return block ? ([block, text] as const) : null;
  });
  return errors.every((error) => error !== null) ? Object.fromEntries(errors) : null;
}

function firstInput(view: Submitted['view']): string {
  return view.blocks.find(({ type }) => type === 'input')?.block_id ?? '';
}
