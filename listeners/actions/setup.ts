import type { App } from '@slack/bolt';
import { setupIds } from '../../app/slack/ids.ts';
import type { ListenerDeps } from '../deps.ts';
import { connectionFormClicked } from './connection-form-clicked.ts';

/** The controls inside the forms of set-up. */
export function registerSetupActions(app: App, deps: ListenerDeps): void {
  const { setup } = deps;
  app.action(
    setupIds.back,
    connectionFormClicked(deps, (owner, { metadata }) => setup.takeBack(owner, metadata)),
  );
  app.action(
    setupIds.showStored,
    connectionFormClicked(deps, (owner, { metadata }) => setup.showStored(owner, metadata)),
  );
  app.action(
    setupIds.erp,
    connectionFormClicked(deps, (owner, { metadata, entered, chosen }) =>
      setup.chooseErp(owner, { metadata, entered }, chosen),
    ),
  );
}
