import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import { type HomeAct, type HomeTab, pagedLists } from '../../app/home/row.ts';
import type { ListenerDeps } from '../deps.ts';
import { answerInHome, readHomeClick } from './home-click.ts';

/** The other part of Home. Who may see it is looked at when it is drawn. */
export function homeTabClicked(deps: ListenerDeps, tab: HomeTab) {
  return browse(deps, () => ({ tab }));
}

/** Another page of a list; the button says which. */
export function homePageClicked(deps: ListenerDeps) {
  return browse(deps, (value) => {
    const [name, number] = value.split('.');
    const list = pagedLists.find((each) => each === name);
    return list && /^\d{1,5}$/.test(number ?? '') ? { pages: { [list]: Number(number) } } : {};
  });
}

function browse(deps: ListenerDeps, actOf: (value: string) => HomeAct) {
  return async ({ ack, body, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const click = readHomeClick(body, context);
    if (click) deps.later(answerInHome(deps, click, actOf(click.value)));
  };
}
