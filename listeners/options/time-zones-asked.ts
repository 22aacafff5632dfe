import type { AllMiddlewareArgs, SlackOptionsMiddlewareArgs } from '@slack/bolt';
import { option } from '../../app/slack/forms/inputs.ts';

const most = 100;
const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9+-]+/g, ' ')
    .trim();

/** The time zones that have what was typed in their name; those with a word that begins so come first. */
export function timeZonesFor(typed: string): string[] {
  const wanted = plain(typed);
  const begins = (zone: string) => ` ${plain(zone)}`.includes(` ${wanted}`);
  const fitting = zones.filter((zone) => plain(zone).includes(wanted));
  return [...fitting.filter(begins), ...fitting.filter((zone) => !begins(zone))].slice(0, most);
}

/** Somebody types into the select of time zones. */
export async function timeZonesAsked({
  ack,
  options,
}: SlackOptionsMiddlewareArgs<'block_suggestion'> & AllMiddlewareArgs): Promise<void> {
  await ack({ options: timeZonesFor(String(options.value).slice(0, 100)).map((zone) => option(zone, zone)) });
}
