import type { App } from '@slack/bolt';
import { shortcutIds } from '../../app/slack/ids.ts';
import type { ListenerDeps } from '../deps.ts';
import { historyAsked } from './history-asked.ts';
import { recordAsked } from './record-asked.ts';

/** What the menu of a message offers. */
export function registerShortcuts(app: App, deps: ListenerDeps): void {
  app.shortcut(shortcutIds.history, historyAsked(deps));
  app.shortcut(shortcutIds.record, recordAsked(deps));
}
