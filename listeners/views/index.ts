import type { App } from '@slack/bolt';
import { viewIds } from '../../app/slack/ids.ts';
import type { ListenerDeps } from '../deps.ts';
import { reasonSubmitted } from './reason-submitted.ts';

export function registerViews(app: App, deps: ListenerDeps): void {
  app.view(viewIds.reason, reasonSubmitted(deps));
}
