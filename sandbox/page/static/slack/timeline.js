import { dayName, el } from '../lib/dom.js';
import { tell } from '../lib/toast.js';
import { drawMany } from './draw.js';
import { messageNode, refreshMessage, timeOf } from './message.js';

const SHOWN = 250;
const GROUP_SECONDS = 300;

/**
 * A list of messages that keeps itself in order of ts: the channel, or a thread.
 * Changes are gathered and drawn together, so that a burst is one request.
 */
export class Timeline {
  #box;
  #inThread;
  #handlers;
  #items = new Map();
  #pending = new Map();
  #generation = 0;
  #flushing = false;
  #empty;
  #firstNew;

  /** `handlers`: `open(message)`, `showSource(message)`, `onUnseen(unseen)`. */
  constructor(box, { inThread = false, ...handlers }) {
    this.#box = box;
    this.#inThread = inThread;
    this.#handlers = handlers;
    box.addEventListener('scroll', () => {
      if (this.#atBottom()) this.#handlers.onUnseen?.(false);
    });
  }

  /** Shows these messages and nothing else; `firstNew` is the ts above which a line says what is new. */
  async show(messages, empty, firstNew) {
    this.#generation += 1;
    const generation = this.#generation;
    this.#items.clear();
    this.#pending.clear();
    this.#empty = empty;
    this.#firstNew = firstNew;
    const shown = messages.slice(-SHOWN);
    const htmls = await drawMany(shown.map(drawingOf));
    if (generation !== this.#generation) return;
    for (const [index, message] of shown.entries()) this.#items.set(message.ts, { message, html: htmls[index] });
    this.#rebuild();
    this.scrollDown();
  }

  has(ts) {
    return this.#items.has(ts) || this.#pending.has(ts);
  }

  get(ts) {
    return this.#pending.get(ts) ?? this.#items.get(ts)?.message;
  }

  /** Adds or changes a message. */
  put(message) {
    this.#pending.set(message.ts, message);
    if (this.#flushing) return;
    this.#flushing = true;
    setTimeout(() => tell(() => this.#flush()), 30);
  }

  remove(ts) {
    this.#pending.delete(ts);
    if (this.#items.delete(ts)) this.#rebuild();
  }

  scrollDown() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#handlers.onUnseen?.(false);
  }

  async #flush() {
    const generation = this.#generation;
    const batch = [...this.#pending.values()].sort(byTs);
    this.#pending.clear();
    try {
      const htmls = await drawMany(batch.map(drawingOf));
      if (generation === this.#generation) this.#apply(batch, htmls);
    } finally {
      this.#flushing = false;
      if (this.#pending.size > 0) this.put(this.#pending.values().next().value);
    }
  }

  #apply(batch, htmls) {
    const follow = this.#atBottom();
    let added = false;
    let rebuild = false;
    for (const [index, message] of batch.entries()) {
      const known = this.#items.get(message.ts);
      if (known) {
        known.message = message;
        known.html = htmls[index];
        refreshMessage(known.node, message, known.html, this.#options(message, known.follows));
        continue;
      }
      added = true;
      const last = this.#last();
      if (last && byTs(last.message, message) > 0) rebuild = true;
      this.#items.set(message.ts, { message, html: htmls[index] });
      if (!rebuild) this.#append(this.#items.get(message.ts), last?.message, 'arrived');
    }
    if (this.#items.size > SHOWN * 1.2) {
      const old = [...this.#items.keys()].sort().slice(0, this.#items.size - SHOWN);
      for (const ts of old) this.#items.delete(ts);
      rebuild = true;
    }
    if (rebuild) this.#rebuild();
    if (!added) return;
    if (follow) this.scrollDown();
    else this.#handlers.onUnseen?.(true);
  }

  #last() {
    return [...this.#items.values()].at(-1);
  }

  #rebuild() {
    const ordered = [...this.#items.values()].sort((a, b) => byTs(a.message, b.message));
    this.#items = new Map(ordered.map((item) => [item.message.ts, item]));
    const top = this.#box.scrollTop;
    this.#box.replaceChildren();
    if (ordered.length === 0 && this.#empty) this.#box.append(this.#empty);
    let previous;
    for (const item of ordered) {
      this.#append(item, previous);
      previous = item.message;
    }
    this.#box.scrollTop = top;
  }

  #append(item, previous, extra = '') {
    const { message } = item;
    if (!previous) this.#box.querySelector('.blank')?.remove();
    const newDay = !previous || dayName(timeOf(previous.ts)) !== dayName(timeOf(message.ts));
    if (newDay && !this.#inThread) this.#box.append(el('div', { class: 'day' }, dayName(timeOf(message.ts))));
    if (message.ts === this.#firstNew) this.#box.append(el('div', { class: 'day fresh' }, 'New'));
    if (this.#inThread && previous && !previous.thread_ts) this.#box.append(el('div', { class: 'day' }, 'Replies'));
    item.follows =
      !newDay &&
      message.ts !== this.#firstNew &&
      Boolean(previous.thread_ts) === Boolean(message.thread_ts) &&
      previous.user === message.user &&
      previous.username === message.username &&
      !previous.ephemeral === !message.ephemeral &&
      Number(message.ts) - Number(previous.ts) < GROUP_SECONDS &&
      !message.subtype &&
      !previous.subtype &&
      !message.blocks?.length;
    item.node = messageNode(message, item.html, this.#options(message, item.follows));
    if (extra) item.node.classList.add(extra);
    this.#box.append(item.node);
  }

  #options(message, follows) {
    const latest = () => this.get(message.ts) ?? message;
    return {
      follows,
      inThread: this.#inThread,
      open: () => this.#handlers.open?.(latest()),
      showSource: () => this.#handlers.showSource?.(latest()),
    };
  }

  #atBottom() {
    return this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < 60;
  }
}

/** Replies are for their thread, unless they were sent to the channel as well. */
export function inChannel({ thread_ts: root, ts, broadcast }) {
  return !root || root === ts || broadcast === true;
}

function byTs(a, b) {
  return Number(a.ts) - Number(b.ts) || a.ts.localeCompare(b.ts);
}

function drawingOf(message) {
  const { blocks, attachments, text, ts } = message;
  return { blocks: blocks ?? [], attachments: attachments ?? [], text: text ?? '', scope: `m${ts}` };
}
