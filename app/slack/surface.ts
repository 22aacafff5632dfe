import type { KnownBlock } from '@slack/types';
import type { ChatPostMessageArguments, WebClient } from '@slack/web-api';
import type { CardContent } from '../cards/card.ts';
import type { Place, Posted, Surface, Told, ToldButton } from '../cards/surface.ts';
import { PermanentError, UnclearError } from '../domain/errors.ts';
import { shorten } from '../domain/text.ts';
import { escapeMrkdwn, toBlocks, toFallback, toThread } from './blocks.ts';
import type { Clients } from './clients.ts';
import { fromSlack } from './errors.ts';
import { plainButton } from './home-parts.ts';
import { accountIds, metadataType } from './ids.ts';

const quiet = { unfurl_links: false, unfurl_media: false };
const metadata = (key: string) => ({ event_type: metadataType, event_payload: { key } });

/** Beyond so many pages of newer messages a channel is too busy to be searched. */
const pagesMost = 20;

interface Found {
  ts?: string | undefined;
  metadata?: { event_type?: string | undefined; event_payload?: unknown } | undefined;
}

/** Slack as a place where cards are shown. */
export function createSlackSurface(clients: Clients): Surface {
  async function call<T>(installationId: string, method: string, run: (client: WebClient) => Promise<T>): Promise<T> {
    const client = await clients.of(installationId);
    try {
      return await run(client);
    } catch (error) {
      throw fromSlack(error, method);
    }
  }

  /** For what is not posting, Slack wants the conversation itself and not whose it is. */
  async function conversationOf({ installationId, channel, conversation }: Place): Promise<string> {
    if (conversation || !isPerson(channel)) return conversation ?? channel;
    const answer = await call(installationId, 'conversations.open', (client) =>
      client.conversations.open({ users: channel }),
    );
    if (!answer.channel?.id) throw new UnclearError('Slack opened a direct message and did not say which.');
    return answer.channel.id;
  }

  async function post(
    place: Place,
    message: Message,
    key: string,
    thread?: string,
    inChannel = false,
  ): Promise<Posted> {
    const answer = await call(place.installationId, 'chat.postMessage', (client) =>
      client.chat.postMessage({
        channel: place.conversation ?? place.channel,
        ...message,
        ...quiet,
        metadata: metadata(key),
        ...(thread ? { thread_ts: thread } : {}),
        ...(inChannel ? { reply_broadcast: true } : {}),
      } as ChatPostMessageArguments),
    );
    if (!answer.ts) throw new UnclearError('Slack said that the message was posted and not where.');
    const conversation = isPerson(place.channel) ? answer.channel : undefined;
    return { messageId: answer.ts, ...(conversation ? { conversation } : {}) };
  }

  async function inMrkdwn(installationId: string, part: Told): Promise<string> {
    if (typeof part === 'string') return escapeMrkdwn(part);
    const { channel, messageId } = part;
    if (!messageId || isPerson(channel)) return mention(channel);
    const ask = (client: WebClient) => client.chat.getPermalink({ channel, message_ts: messageId });
    const answer = await call(installationId, 'chat.getPermalink', ask).catch(() => undefined);
    return answer?.permalink ? `${mention(channel)} (<${answer.permalink}|open it>)` : mention(channel);
  }

  return {
    post: (place, card, key) => plainlyIfRefused(card, (message) => post(place, message, key)),

    async update(place, messageId, card) {
      const { installationId } = place;
      const channel = await conversationOf(place).catch((error) => {
        // Not to be found again without that right: a new message takes its place.
        throw error instanceof PermanentError ? new PermanentError('message', error.message, { cause: error }) : error;
      });
      await plainlyIfRefused(card, (message) =>
        call(installationId, 'chat.update', (client) => client.chat.update({ channel, ts: messageId, ...message })),
      );
    },

    reply: (place, messageId, lines, key, options) => post(place, toThread(lines), key, messageId, options?.inChannel),

    async find(place, key, since, thread) {
      const { installationId } = place;
      const options = {
        oldest: String(since.getTime() / 1_000),
        inclusive: true,
        include_all_metadata: true,
        limit: 200,
      };
      try {
        const channel = await conversationOf(place);
        let cursor: string | undefined;
        for (let page = 0; page < pagesMost; page += 1) {
          const here = { channel, ...options, ...(cursor ? { cursor } : {}) };
          const answer = await call(installationId, 'conversations.history', (client) =>
            thread ? client.conversations.replies({ ...here, ts: thread }) : client.conversations.history(here),
          );
          const messages: Found[] = answer.messages ?? [];
          const match = messages.find((message) => keyOf(message) === key);
          if (match?.ts) return { messageId: match.ts, ...(isPerson(place.channel) ? { conversation: channel } : {}) };
          cursor = answer.response_metadata?.next_cursor;
          if (!cursor) return 'absent';
        }
        return 'cannot_look';
      } catch (error) {
        if (error instanceof PermanentError) return 'cannot_look';
        throw error;
      }
    },

    async tell(installationId, person, text, channel, button) {
      const parts = [text].flat();
      const places = await Promise.all(parts.map((part) => inMrkdwn(installationId, part)));
      const escaped = places.join('');
      const plain = parts.map((part) => (typeof part === 'string' ? part : part.channel)).join('');
      const words = { text: escaped, ...(button ? { blocks: withButton(plain, button) } : {}) };
      if (channel && !isPerson(channel)) {
        try {
          await call(installationId, 'chat.postEphemeral', (client) =>
            client.chat.postEphemeral({ channel, user: person, ...words }),
          );
          return;
        } catch (error) {
          if (!(error instanceof PermanentError)) throw error;
          // Not in the channel (any more): a direct message reaches them.
        }
      }
      await call(installationId, 'chat.postMessage', (client) =>
        client.chat.postMessage({ channel: person, ...words, ...quiet }),
      );
    },
  };
}

/** Where Slack refuses the layout, the line in words still reaches people, with the way into the ERP. */
async function plainlyIfRefused<T>(card: CardContent, send: (message: Message) => Promise<T>): Promise<T> {
  const text = toFallback(card);
  try {
    return await send({ text, blocks: toBlocks(card) });
  } catch (error) {
    if (!(error instanceof PermanentError && error.reason === 'content')) throw error;
    return send({ text: card.link ? `${text}\n<${card.link.url}|${escapeMrkdwn(card.link.label)}>` : text });
  }
}

const isPerson = (channel: string) => /^[UW]/.test(channel);
const mention = (channel: string) => (isPerson(channel) ? `<@${channel}>` : `<#${channel}>`);

/** The words, which Slack takes literally, and below them what can be done. */
function withButton(text: string, { label, linkTo }: ToldButton): KnownBlock[] {
  const link = { ...plainButton(accountIds.link, label, linkTo.connectionId), style: 'primary' as const };
  return [
    { type: 'section', text: { type: 'plain_text', text: shorten(text, 2_900), emoji: false } },
    { type: 'actions', elements: [link] },
  ];
}

interface Message {
  text: string;
  blocks?: ReturnType<typeof toBlocks>;
}

function keyOf({ metadata }: Found): unknown {
  if (metadata?.event_type !== metadataType) return undefined;
  const payload = metadata.event_payload;
  return typeof payload === 'object' && payload !== null && 'key' in payload ? payload.key : undefined;
}
