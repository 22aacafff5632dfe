import type { App } from '@slack/bolt';
import { setupIds } from '../../app/slack/ids.ts';
import { timeZonesAsked } from './time-zones-asked.ts';

export function registerOptions(app: App): void {
  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: setupIds.timeZone }, timeZonesAsked);
}
