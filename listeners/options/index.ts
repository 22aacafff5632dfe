import type { App } from '@slack/bolt';
import { routeSuggestions } from '../../app/slack/forms/route-ids.ts';
import { setupIds } from '../../app/slack/ids.ts';
import type { ListenerDeps } from '../deps.ts';
import { routeSuggestionsAsked } from './route-suggestions.ts';
import { timeZonesAsked } from './time-zones-asked.ts';

export function registerOptions(app: App, deps: ListenerDeps): void {
  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: setupIds.timeZone }, timeZonesAsked);
  for (const id of routeSuggestions) app.options(id, routeSuggestionsAsked(deps));
}
