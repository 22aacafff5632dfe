import { randomUUID } from 'node:crypto';
import type { Json } from './model.ts';

/** Links in a message box that were not sent yet, and the previews that the app gave for them. */
export interface Draft {
  user: string;
  links: string[];
  unfurls: Record<string, Json>;
}

const maxDrafts = 1_000;

export class Composing {
  readonly #drafts = new Map<string, Draft>();

  /** The `unfurl_id` of a draft. */
  add(user: string, links: string[]): string {
    const id = `${user}-${randomUUID()}`;
    this.#drafts.set(id, { user, links, unfurls: {} });
    const oldest = this.#drafts.size > maxDrafts ? this.#drafts.keys().next().value : undefined;
    if (oldest !== undefined) this.#drafts.delete(oldest);
    return id;
  }

  find(id: string | undefined): Draft | undefined {
    return this.#drafts.get(id ?? '');
  }
}
