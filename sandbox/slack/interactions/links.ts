import type { Channel, Json, Message, User } from '../model.ts';
import type { SlackState } from '../state.ts';

/** The links of a text whose domain is the app's, each once, as typed. */
export function sharedLinks(state: SlackState, text: string): string[] {
  const typed = [...text.matchAll(/https?:\/\/[^\s<>|]+/g)].map(([url]) => url.replaceAll('&amp;', '&'));
  const domains = state.app.unfurlDomains;
  return [...new Set(typed)].filter((url) => {
    const host = URL.canParse(url) ? new URL(url).hostname : '';
    return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  });
}

function event(state: SlackState, links: string[], more: Json): Json {
  return {
    type: 'link_shared',
    ...more,
    links: links.map((url) => ({
      url: state.options.escapedLinks ? url.replaceAll('&', '&amp;') : url,
      domain: new URL(url).hostname,
    })),
    event_ts: state.timestamps.next(),
  };
}

/**
 * Slack tells of links in every conversation, whether or not the bot is in it. In an organization neither `source` nor
 * `unfurl_id` come along.
 */
export function tellOfLinks(state: SlackState, channel: Channel, message: Message, links: string[]): void {
  const { installation, enterprise } = state;
  if (links.length === 0 || !installation.installed || !installation.botScopes.has('links:read')) return;
  state.events.emit(
    event(state, links, {
      channel: channel.id,
      is_bot_user_member: channel.members.has(installation.botUserId),
      user: message.user,
      message_ts: message.ts,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
      ...(enterprise ? {} : { source: 'conversations_history', unfurl_id: `${channel.id}.${message.ts}` }),
    }),
  );
}

/** Links typed into a message box and not sent yet: there is no channel to them. Not in an organization. */
export function compose(state: SlackState, user: User, text: string): string[] {
  const { installation, enterprise } = state;
  const links = sharedLinks(state, text);
  if (enterprise || links.length === 0 || !installation.botScopes.has('links:read')) return [];
  const id = state.composing.add(user.id, links);
  state.events.emit(
    event(state, links, {
      channel: 'COMPOSER',
      is_bot_user_member: true,
      user: user.id,
      message_ts: id,
      unfurl_id: id,
      source: 'composer',
    }),
  );
  return [id];
}
