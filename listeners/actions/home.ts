import type { App } from '@slack/bolt';
import { homeIds, pushIds } from '../../app/slack/ids.ts';
import type { ListenerDeps } from '../deps.ts';
import { connectionFormAsked } from './connection-form-asked.ts';
import { homeAdminClicked } from './home-admin-clicked.ts';
import { homePageClicked, homeTabClicked } from './home-browse-clicked.ts';
import { homeDecideClicked, homeRejectClicked } from './home-decide-clicked.ts';
import { pushClicked, pushFormClicked } from './push-clicked.ts';
import { routeFormOpened } from './route-form-opened.ts';

export function registerHomeActions(app: App, deps: ListenerDeps): void {
  app.action(homeIds.approve, homeDecideClicked(deps, 'approve'));
  app.action(homeIds.release, homeDecideClicked(deps, 'release'));
  app.action(homeIds.hold, homeDecideClicked(deps, 'hold'));
  app.action(homeIds.unhold, homeDecideClicked(deps, 'unhold'));
  app.action(homeIds.reject, homeRejectClicked(deps));
  app.action(homeIds.decisions, homeTabClicked(deps, 'decisions'));
  app.action(homeIds.administration, homeTabClicked(deps, 'administration'));
  app.action(homeIds.previous, homePageClicked(deps));
  app.action(homeIds.next, homePageClicked(deps));
  app.action(homeIds.pause, homeAdminClicked(deps, 'pause'));
  app.action(homeIds.resume, homeAdminClicked(deps, 'resume'));
  app.action(homeIds.runSummary, homeAdminClicked(deps, 'run_summary'));
  app.action(homeIds.replay, homeAdminClicked(deps, 'replay'));
  app.action(homeIds.replayAll, homeAdminClicked(deps, 'replay_all'));
  app.action(homeIds.push, pushClicked(deps));
  app.action(pushIds.renew, pushFormClicked(deps, 'renew'));
  app.action(pushIds.end, pushFormClicked(deps, 'end'));
  app.action(homeIds.removeConnection, homeAdminClicked(deps, 'remove'));
  app.action(homeIds.addConnection, connectionFormAsked(deps, 'add'));
  app.action(homeIds.editConnection, connectionFormAsked(deps, 'edit'));
  app.action(homeIds.addRoute, routeFormOpened(deps, 'add'));
  app.action(homeIds.editRoute, routeFormOpened(deps, 'edit'));
  app.action(homeIds.retireRoute, homeAdminClicked(deps, 'retire_route'));
}
