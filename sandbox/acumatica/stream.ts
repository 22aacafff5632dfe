import type { RequestHandler, Response } from 'express';
import type { DocumentRecord } from './document.ts';
import type { Form } from './form.ts';
import type { Parts } from './parts.ts';
import type { RecordEvent } from './records.ts';

const heartbeatMs = 20_000;

/** Server-sent events for a page: `document` for one change, `bulk` for many added at once. */
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
    const subscriptions = this.#parts.forms.map((form) =>
      form.onChange((event) => response.write(textOf(form, event))),
    );
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
    this.#open.add(response);
    response.once('close', () => {
      clearInterval(heartbeat);
      for (const unsubscribe of subscriptions) unsubscribe();
      this.#open.delete(response);
    });
  };

  stop(): void {
    for (const response of this.#open) response.end();
  }
}

function textOf(form: Form, event: RecordEvent<DocumentRecord>): string {
  const { collection } = form;
  if (event.kind === 'bulk')
    return `event: bulk\ndata: ${JSON.stringify({ form: collection, count: event.count })}\n\n`;
  const data = { form: collection, change: event.kind, document: form.view(event.document) };
  return `event: document\ndata: ${JSON.stringify(data)}\n\n`;
}
