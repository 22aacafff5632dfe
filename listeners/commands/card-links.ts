import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';

/** Slack is asked for all links at once; one that takes longer is left out. */
const waitMs = 1_000;

/** Where the messages stand in Slack, by the key given with each; one that Slack does not tell is left out. */
export async function cardLinks(
  client: WebClient,
  cards: Array<{ key: string; channel: string; messageId: string | null }>,
): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  const asked = cards.map(async ({ key, channel, messageId }) => {
    // A direct message's own channel is not known here, only whose it is.
    if (!messageId || /^[UW]/.test(channel)) return;
    const { permalink } = await client.chat.getPermalink({ channel, message_ts: messageId });
    if (permalink) links.set(key, permalink);
  });
  await Promise.race([Promise.allSettled(asked), sleep(waitMs, undefined, { ref: false })]);
  return new Map(links);
}
