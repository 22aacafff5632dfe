import type { ReactNode } from 'react';
import { type Block, Message } from 'slack-blocks-to-jsx';
import { formatSlackDate } from './dates.ts';
import { asKit, asText, type DrawContext, h, type Kit } from './kit.ts';
import { parseMrkdwn } from './mrkdwn.ts';

/** Draws any block with slack-blocks-to-jsx; its own mrkdwn reading is avoided, as it turns escaped text into mentions. */
export function LibraryBlock(props: { block: Kit; context: DrawContext }): ReactNode {
  const { context } = props;
  return h(Message, {
    blocks: [props.block as unknown as Block],
    logo: '',
    name: '',
    theme: 'light',
    withoutWrapper: true,
    className: 'drawn',
    data: { users: context.users, channels: context.channels, user_groups: [] },
    hooks: {
      link: (link) => safeLink(link.href, link.children),
      emoji: (emoji, parse) => {
        const drawn = parse(emoji);
        return drawn === emoji.name ? `:${emoji.name}:` : drawn;
      },
      date: (date) => formatSlackDate(Number(date.timestamp), date.format, context.timeZone) || date.fallback,
    },
  });
}

/** A link opens in its own tab; an address that is neither web, mail nor telephone is shown as words. */
export function safeLink(href: string, children: ReactNode): ReactNode {
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(href)) return h('span', null, children);
  return h('a', { href, target: '_blank', rel: 'noreferrer noopener' }, children);
}

/** A text object (mrkdwn or plain_text) as it looks in a message. */
export function Text(props: { text: unknown; context: DrawContext }): ReactNode {
  const text = asKit(props.text);
  const source = asText(text.text);
  const elements =
    text.type === 'mrkdwn'
      ? parseMrkdwn(source)
      : [{ type: 'rich_text_section', elements: plainElements(source, text.emoji !== false) }];
  return h(LibraryBlock, { block: { type: 'rich_text', elements }, context: props.context });
}

/** plain_text knows emoji, but neither markup nor mentions nor escapes. */
function plainElements(source: string, emoji: boolean): Kit[] {
  if (!emoji) return [{ type: 'text', text: source }];
  return source
    .split(/(:[a-z0-9_+'-]*[a-z+][a-z0-9_+'-]*:)/)
    .filter((part) => part !== '')
    .map((part) =>
      /^:[^:\s]+:$/.test(part) ? { type: 'emoji', name: part.slice(1, -1) } : { type: 'text', text: part },
    );
}
