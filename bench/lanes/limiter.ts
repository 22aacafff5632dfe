import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '../support/serve.ts';

const paceMs = 1_000;
let opensAt = Number.POSITIVE_INFINITY;
let closesAt = 0;
let accepted = new Map<string, number[]>();
let refused = 0;
let sent = 0;

/** Slack's rule for one channel, exactly: a second from the last message taken to the next one's arrival. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const now = performance.now();
    const channel = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('channel') ?? '';
    const times = accepted.get(channel) ?? [];
    const inside = now >= opensAt && now < closesAt;
    response.setHeader('content-type', 'application/json');
    const last = times.at(-1);
    if (last !== undefined && now - last < paceMs) {
      if (inside) refused += 1;
      response.writeHead(429, { 'retry-after': '1' }).end('{"ok":false,"error":"ratelimited"}');
      return;
    }
    accepted.set(channel, [...times, now]);
    sent += 1;
    const ts = `1700000000.${String(sent).padStart(6, '0')}`;
    response.end(JSON.stringify({ ok: true, channel, ts, message: { ts } }));
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));

serve({
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
  open(windowMs: number) {
    accepted = new Map();
    refused = 0;
    opensAt = performance.now();
    closesAt = opensAt + windowMs;
  },
  /** Times of the messages taken within the window, by channel, in ms from its opening. */
  report() {
    const channels = [...accepted.values()].map((times) =>
      times.filter((at) => at < closesAt).map((at) => at - opensAt),
    );
    return { channels, refused };
  },
});
