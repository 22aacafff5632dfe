import type { KnownBlock, MessageAttachment } from '@slack/types';
import { shorten } from '../domain/text.ts';
import type { LinkPreview, LinkSurface } from '../shared-links/surface.ts';
import { escapeMrkdwn, phaseMarks } from './blocks.ts';
import type { Clients } from './clients.ts';
import { fromSlack } from './errors.ts';
import { plainLine } from './messages/answer.ts';
import { documentLine } from './messages/document-line.ts';

/** Slack's previews of links (docs.slack.dev/reference/methods/chat.unfurl); many read them, in one `locale`. */
export function createLinkSurface(clients: Clients, locale: string): LinkSurface {
  return {
    async preview({ installationId, channel, messageId }, previews) {
      const client = await clients.of(installationId);
      const unfurls = Object.fromEntries([...previews].map(([link, preview]) => [link, toUnfurl(preview, locale)]));
      try {
        await client.chat.unfurl({ channel, ts: messageId, unfurls });
      } catch (error) {
        throw fromSlack(error, 'chat.unfurl');
      }
    },
  };
}

/** All that comes from the ERP is plain_text; the time and the link are our own. */
export function toUnfurl({ document, erp, company, asOf }: LinkPreview, locale: string): MessageAttachment {
  const headline = plainLine(documentLine(document, { locale, status: false }));
  const state = `${phaseMarks[document.phase]} ${document.status} · ${erp} · ${company}`;
  const utc = `${asOf.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const instant = `<!date^${Math.floor(asOf.getTime() / 1_000)}^{date_short_pretty} at {time}|${utc}>`;
  const address = document.link ?? '';
  const link = /^https?:\/\/[^\s<>|]+$/.test(address)
    ? ` · <${escapeMrkdwn(address)}|Open in ${escapeMrkdwn(erp)}>`
    : '';
  const blocks: KnownBlock[] = [
    { type: 'section', text: { type: 'plain_text', text: shorten(headline, 300), emoji: false } },
    {
      type: 'context',
      elements: [
        { type: 'plain_text', text: shorten(state, 300), emoji: false },
        { type: 'mrkdwn', text: `as of ${instant}${link}` },
      ],
    },
  ];
  return { blocks, fallback: `${headline} · ${document.status}, as of ${utc}` };
}
