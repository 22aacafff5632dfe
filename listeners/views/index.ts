import type { App } from '@slack/bolt';
import { routeFormId } from '../../app/slack/forms/route-ids.ts';
import { viewIds } from '../../app/slack/ids.ts';
import type { ListenerDeps } from '../deps.ts';
import { accountSubmitted } from './account-submitted.ts';
import { administratorsSaved } from './administrators-saved.ts';
import { connectionClosed } from './connection-closed.ts';
import { connectionSubmitted } from './connection-submitted.ts';
import { peopleSaved } from './people-saved.ts';
import { pushSaved } from './push-saved.ts';
import { reasonSubmitted } from './reason-submitted.ts';
import { routeSubmitted } from './route-submitted.ts';

export function registerViews(app: App, deps: ListenerDeps): void {
  app.view(viewIds.reason, reasonSubmitted(deps));
  app.view(viewIds.typedLogin, accountSubmitted(deps));
  app.view(viewIds.push, pushSaved(deps));
  app.view(viewIds.people, peopleSaved(deps));
  app.view(viewIds.administrators, administratorsSaved(deps));
  app.view(viewIds.connection, connectionSubmitted(deps));
  app.view({ callback_id: viewIds.connection, type: 'view_closed' }, connectionClosed(deps));
  app.view(routeFormId, routeSubmitted(deps));
}
