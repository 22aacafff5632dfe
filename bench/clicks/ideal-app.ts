import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { SiteDescription } from '../../sandbox/acumatica/index.ts';
import { shape, signIn } from '../support/erp-pages.ts';
import { serve } from '../support/serve.ts';

/**
 * The shortest way from a click to the ERP that still looks before it acts: no storage, no queue, no policy. It loses
 * the click when it crashes; it is here to show what the rest costs.
 */
let client: WebClient | undefined;

serve({
  async start({
    site,
    signingSecret,
    slackApiUrl,
    token,
  }: Record<'signingSecret' | 'slackApiUrl' | 'token', string> & { site: SiteDescription }) {
    const { base, headers } = await signIn(site);
    client = new WebClient(token, { slackApiUrl, logLevel: LogLevel.ERROR });
    const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
    const app = new App({ receiver, logLevel: LogLevel.ERROR, authorize: async () => ({ botToken: token }) });
    app.action('approve', async ({ ack, action }) => {
      await ack();
      const reference = 'value' in action ? String(action.value) : '';
      await (await fetch(`${base}/Bill/Bill/${reference}?${shape}`, { headers })).json();
      const entity = { Type: { value: 'Bill' }, ReferenceNbr: { value: reference } };
      await fetch(`${base}/Bill/Approve`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ entity, parameters: {} }),
      });
    });
    const server = await receiver.start(0);
    const address = server.address();
    return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}/slack/events` : '';
  },
  /** Posts a bill with its button: the message's ts, and how long Slack took to accept it. */
  async post({ channel, reference }: { channel: string; reference: string }) {
    const sentAt = performance.now();
    const button = {
      type: 'button' as const,
      action_id: 'approve',
      text: { type: 'plain_text' as const, text: 'Approve' },
      value: reference,
    };
    const answer = await client?.chat.postMessage({
      channel,
      text: `Bill ${reference}`,
      blocks: [{ type: 'actions', elements: [button] }],
    });
    return { ts: answer?.ts ?? '', ms: performance.now() - sentAt };
  },
});
