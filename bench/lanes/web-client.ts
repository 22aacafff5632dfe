import { LogLevel, WebClient } from '@slack/web-api';
import { drawCard } from '../../app/cards/content.ts';
import { substanceHash } from '../../app/domain/changes.ts';
import { toBlocks, toFallback } from '../../app/slack/blocks.ts';
import { sampleDocument } from '../support/documents.ts';
import { serve } from '../support/serve.ts';

/** What one gets from Slack's client as it comes: everything is handed to it and it sorts the rest out. */
serve({
  go({ slackApiUrl, channels, messages }: { slackApiUrl: string; channels: string[]; messages: number }) {
    const client = new WebClient('xoxb-bench', { slackApiUrl, logLevel: LogLevel.ERROR });
    for (let index = 0; index < messages; index += 1) {
      for (const channel of channels) {
        const document = sampleDocument(index, channel);
        const substance = substanceHash(document);
        const card = drawCard({
          key: '00000000-0000-4000-8000-000000000000',
          document,
          substance,
          version: 1,
          gone: false,
          route: { deciders: [{ user: 'U0FINDIR01' }], actions: ['approve', 'reject'], mentions: [] },
          erp: 'Acumatica',
          company: 'bench',
          locale: 'en-GB',
          decision: null,
        });
        void client.chat
          .postMessage({ channel, text: toFallback(card), blocks: toBlocks(card) })
          .catch(() => undefined);
      }
    }
  },
});
