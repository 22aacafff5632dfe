import type { Message } from './model.ts';

/** The messages of all channels, oldest forgotten first. */
export class MessageStore {
  readonly #max: number;
  readonly #channels = new Map<string, Message[]>();
  readonly #byKey = new Map<string, Message>();

  constructor(max: number) {
    this.#max = max;
  }

  add(message: Message): void {
    const list = this.#channels.get(message.channel) ?? [];
    list.push(message);
    this.#channels.set(message.channel, list);
    this.#byKey.set(`${message.channel}:${message.ts}`, message);
    if (this.#byKey.size > this.#max) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const oldest of this.#byKey.values()) {
      this.remove(oldest);
      return;
    }
  }

  get(channel: string, ts: string | undefined): Message | undefined {
    return this.#byKey.get(`${channel}:${ts}`);
  }

  remove(message: Message): void {
    this.#byKey.delete(`${message.channel}:${message.ts}`);
    const list = this.#channels.get(message.channel) ?? [];
    const index = list.indexOf(message);
    if (index >= 0) list.splice(index, 1);
  }

  /** Oldest first. */
  inChannel(channel: string): readonly Message[] {
    return this.#channels.get(channel) ?? [];
  }

  get size(): number {
    return this.#byKey.size;
  }
}
