import type { RequestHandler, Response } from 'express';
import { viewOf } from './bill-view.ts';
import type { BillEvent } from './bills.ts';
import type { Parts } from './parts.ts';

const heartbeatMs = 20_000;

/** Server-sent events for a page: `bill` for one change, `bulk` for many bills added at once. */
export class Stream {
  readonly #parts: Parts;
  readonly #open = new Set<Response>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  readonly handler: RequestHandler = (_request, response) => {
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', Connection: 'keep-alive' });
    response.flushHeaders();
    response.write(': open\n\n');
    const unsubscribe = this.#parts.bills.onChange((event) => response.write(this.#text(event)));
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
    this.#open.add(response);
    response.once('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
      this.#open.delete(response);
    });
  };

  stop(): void {
    for (const response of this.#open) response.end();
  }

  #text(event: BillEvent): string {
    if (event.kind === 'bulk') return `event: bulk\ndata: ${JSON.stringify({ count: event.count })}\n\n`;
    return `event: bill\ndata: ${JSON.stringify({ change: event.kind, bill: viewOf(event.bill, this.#parts) })}\n\n`;
  }
}
