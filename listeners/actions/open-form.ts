import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { failed, loading, plainView } from '../../app/slack/forms/plain-view.ts';
import type { ListenerDeps } from '../deps.ts';
import { answerInHome, type HomeClick, readHomeClick } from './home-click.ts';

/**
 * A button in Home that opens a form: it opens at once, while its trigger is young, and is filled in when what belongs
 * there is read. Who may see it is looked at by `draw`.
 */
export function openAndFillIn(deps: ListenerDeps, title: string, draw: (click: HomeClick) => Promise<ModalView>) {
  return async ({ ack, body, client, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const click = readHomeClick(body, context);
    if (!click) return;
    const drawn = draw(click).catch((error) => {
      deps.log.error('a form was not filled in', { form: title, error });
      return plainView(title, failed);
    });
    deps.later(open(drawn));

    async function open(filled: Promise<ModalView>): Promise<void> {
      const opened = await client.views
        .open({ trigger_id: click?.triggerId ?? '', view: plainView(title, loading) })
        .catch((error) => void deps.log.warn('form not opened', { form: title, error }));
      const view = await filled;
      if (opened?.view?.id) await client.views.update({ view_id: opened.view.id, view });
      else if (click)
        await answerInHome(deps, click, { notice: 'Slack did not open the form in time. Press the button again.' });
    }
  };
}
