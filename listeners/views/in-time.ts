import { setTimeout as sleep } from 'node:timers/promises';
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { failed } from '../../app/slack/forms/plain-view.ts';
import { type Line, lines } from '../../app/slack/home-parts.ts';
import type { ListenerDeps } from '../deps.ts';

/** What a submitted form is answered with: what is wrong by input block, the form as it is now, or that all is done. */
export type FormAnswer = { errors: Record<string, string> } | { view: ModalView } | 'done';

/** Slack shows an error after three seconds. */
const patienceMs = 2_000;

/**
 * Answers a submission as soon as it is carried out. Where Slack or the database is slow, the form says so in time, keeps
 * what was typed, and is filled in when the answer is there.
 */
export async function answerInTime(
  { later, log }: Pick<ListenerDeps, 'later' | 'log'>,
  { ack, client, view }: SlackViewMiddlewareArgs & AllMiddlewareArgs,
  work: Promise<FormAnswer>,
): Promise<void> {
  const answer = work.catch((error): FormAnswer => {
    log.error('a form was not carried out', { form: view.callback_id, error });
    return { view: withNotice(view, [[{ bold: failed }]]) };
  });
  const waiting = new AbortController();
  const first = await Promise.race([answer, sleep(patienceMs, 'late' as const, { signal: waiting.signal })]);
  waiting.abort();
  if (first === 'done') return ack();
  if (first !== 'late')
    return 'errors' in first
      ? ack({ response_action: 'errors', errors: first.errors })
      : ack({ response_action: 'update', view: first.view });
  await ack({ response_action: 'update', view: withNotice(view, [['This takes longer than usual …']]) });
  later(answer.then((late) => client.views.update({ view_id: view.id, view: drawLate(view, late) })));
}

/** No answer is left for errors at their fields, so they stand at the top. */
function drawLate(view: SubmittedView, late: FormAnswer): ModalView {
  if (late === 'done') return withNotice(view, [[{ bold: 'Saved. You can close this form.' }]]);
  if ('view' in late) return late.view;
  return withNotice(view, [[{ bold: `Nothing was saved. ${[...new Set(Object.values(late.errors))].join(' ')}` }]]);
}

type SubmittedView = SlackViewMiddlewareArgs['view'];

/** The same form, its inputs in their place, with these lines at the top. */
export function withNotice(view: SubmittedView, notice: Line[]): ModalView {
  const { callback_id, private_metadata, title, submit, close } = view;
  const blocks = (view.blocks as KnownBlock[]).filter(({ block_id }) => block_id !== 'notice');
  return {
    type: 'modal',
    callback_id,
    private_metadata,
    title,
    ...(submit ? { submit } : {}),
    ...(close ? { close } : {}),
    blocks: [{ ...lines(notice), block_id: 'notice' } as KnownBlock, ...blocks],
  };
}
