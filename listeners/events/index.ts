import type { App } from '@slack/bolt';
import type { ListenerDeps } from '../deps.ts';
import { accessEnded } from './access-ended.ts';
import { appHomeOpened } from './app-home-opened.ts';
import { appMentioned } from './app-mentioned.ts';
import { linkShared } from './link-shared.ts';
import { memberJoined } from './member-joined.ts';

export function registerEvents(app: App, deps: ListenerDeps): void {
  app.event('app_home_opened', appHomeOpened(deps));
  app.event('app_mention', appMentioned(deps));
  app.event('link_shared', linkShared(deps));
  app.event('member_joined_channel', memberJoined(deps));
  app.event('app_uninstalled', accessEnded(deps, 'uninstalled'));
  app.event('tokens_revoked', accessEnded(deps, 'revoked'));
}
