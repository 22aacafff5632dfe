import type { App } from '@slack/bolt';
import type { ListenerDeps } from '../deps.ts';
import { commandTyped } from './command-typed.ts';

/** One command with words after it; its name is a setting, for names are not namespaced in Slack. */
export function registerCommands(app: App, deps: ListenerDeps): void {
  app.command(deps.slashCommand, commandTyped(deps));
}
