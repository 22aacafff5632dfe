import { nowMs } from './clock.ts';
import type { Message, Metadata } from './model.ts';

export interface JournalEntry {
  /** 1, 2, 3 … without gaps. */
  n: number;
  /** Milliseconds since the epoch, from the monotonic clock, when the sandbox took it. */
  at: number;
  kind: 'post' | 'update' | 'delete' | 'ephemeral' | 'response';
  channel: string;
  ts: string;
  threadTs: string | null;
  metadata: Metadata | null;
  /** The start of the text. */
  text: string;
  /** False for what people posted. */
  byApp: boolean;
}

const maxEntries = 200_000;

/** Every message taken, in the order in which it was. */
export class Journal {
  #entries: JournalEntry[] = [];
  #count = 0;

  add(kind: JournalEntry['kind'], message: Message): void {
    this.#count += 1;
    this.#entries.push({
      n: this.#count,
      at: nowMs(),
      kind,
      channel: message.channel,
      ts: message.ts,
      threadTs: message.threadTs ?? null,
      metadata: message.metadata ?? null,
      text: message.text.slice(0, 160),
      byApp: message.botId !== undefined,
    });
    if (this.#entries.length > maxEntries) this.#entries = this.#entries.slice(maxEntries / 2);
  }

  /** Entries after number `n`, oldest first. */
  since(n = 0): JournalEntry[] {
    const first = this.#entries[0]?.n ?? 1;
    return this.#entries.slice(Math.max(0, n - first + 1));
  }
}
