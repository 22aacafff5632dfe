import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../support/serve.ts';
import { decider, workspace } from '../support/setup.ts';

interface Given {
  url: string;
  signingSecret: string;
  perSecond: number;
  /** What the clicked buttons say, one a click. */
  tickets: string[];
}

const agent = new Agent({ keepAlive: true });

/** Clicks at an even pace, whether or not the ones before are answered: ms to each answer, null where it was no 200. */
serve({
  async click({ url, signingSecret, perSecond, tickets }: Given): Promise<Array<number | null>> {
    const startedAt = performance.now();
    const answers: Array<Promise<number | null>> = [];
    for (const [index, ticket] of tickets.entries()) {
      const waitMs = startedAt + (index * 1_000) / perSecond - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      answers.push(send(url, signingSecret, body(ticket, index)));
    }
    return Promise.all(answers);
  },
});

function body(ticket: string, index: number): string {
  const payload = {
    type: 'block_actions',
    user: { id: decider, username: 'maya', team_id: workspace },
    api_app_id: 'A0BENCH',
    token: 'x',
    team: { id: workspace, domain: 'bench' },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: `1.${index}`,
    response_url: 'http://127.0.0.1:9/none',
    container: { type: 'message', message_ts: '1700000000.000100', channel_id: 'C0APAPPROV', is_ephemeral: false },
    channel: { id: 'C0APAPPROV', name: 'ap-approvals' },
    message: { type: 'message', ts: '1700000000.000100', text: 'Bill 000801' },
    actions: [
      {
        type: 'button',
        action_id: 'decide_approve',
        block_id: 'b',
        value: ticket,
        action_ts: (Date.now() / 1_000 + index / 1e6).toFixed(6),
        text: { type: 'plain_text', text: 'Approve' },
      },
    ],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

function send(url: string, signingSecret: string, text: string): Promise<number | null> {
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${text}`).digest('hex');
  const sentAt = performance.now();
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(text),
          'x-slack-request-timestamp': String(timestamp),
          'x-slack-signature': `v0=${signature}`,
        },
      },
      (incoming) => {
        incoming.resume();
        incoming.on('end', () => resolve(incoming.statusCode === 200 ? performance.now() - sentAt : null));
      },
    );
    outgoing.on('error', () => resolve(null));
    outgoing.end(text);
  });
}
