import type { App } from '@slack/bolt';
import { routeActions } from '../../app/slack/forms/route-ids.ts';
import {
  accountIds,
  actionIds,
  administratorsIds,
  historyIds,
  homeIds,
  peopleIds,
  pushIds,
  setupIds,
} from '../../app/slack/ids.ts';
import type { ListenerDeps } from '../deps.ts';
import { linkAsked, unlinkAsked } from './account-clicked.ts';
import { decideClicked } from './decide-clicked.ts';
import { digestExpandClicked } from './digest-expand-clicked.ts';
import { historyClicked } from './history-clicked.ts';
import { registerHomeActions } from './home.ts';
import { linkClicked } from './link-clicked.ts';
import { registerPeopleActions } from './people.ts';
import { rejectClicked } from './reject-clicked.ts';
import { routeFormChanged } from './route-form-changed.ts';
import { registerSetupActions } from './setup.ts';
import { unknownClicked } from './unknown-clicked.ts';

export function registerActions(app: App, deps: ListenerDeps): void {
  app.action(actionIds.approve, decideClicked(deps, 'approve'));
  app.action(actionIds.release, decideClicked(deps, 'release'));
  app.action(actionIds.hold, decideClicked(deps, 'hold'));
  app.action(actionIds.unhold, decideClicked(deps, 'unhold'));
  app.action(actionIds.reject, rejectClicked(deps));
  app.action(actionIds.expand, digestExpandClicked(deps));
  app.action(actionIds.open, linkClicked);
  app.action(accountIds.link, linkAsked(deps, 'account'));
  app.action(accountIds.connect, linkAsked(deps, 'connection'));
  app.action(accountIds.unlink, unlinkAsked(deps));
  app.action(accountIds.follow, linkClicked);
  for (const id of Object.values(historyIds)) app.action(id, historyClicked(deps));
  registerHomeActions(app, deps);
  registerPeopleActions(app, deps);
  registerSetupActions(app, deps);
  for (const id of Object.values(routeActions)) app.action(id, routeFormChanged(deps));
  const all = [
    actionIds,
    homeIds,
    pushIds,
    peopleIds,
    administratorsIds,
    setupIds,
    historyIds,
    routeActions,
    accountIds,
  ];
  const known = all.flatMap((ids) => Object.values(ids)).join('|');
  app.action(new RegExp(`^(?!(?:${known})$)`), unknownClicked(deps));
}
