import type { Json } from './model.ts';

export interface StreamEvent {
  type:
    | 'message'
    | 'message_changed'
    | 'message_deleted'
    | 'ephemeral'
    | 'ephemeral_deleted'
    | 'view_opened'
    | 'view_updated'
    | 'view_closed'
    | 'home_published'
    | 'workspace_changed'
    | 'notice';
  data: Json;
}

type Listener = (event: StreamEvent) => void;

/** What the Slack clients of the people hear. */
export class Streams {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Calls `listener` with everything that this person's client would show; returns how to stop. */
  subscribe(user: string, listener: Listener): () => void {
    const own = this.#listeners.get(user) ?? new Set();
    this.#listeners.set(user, own.add(listener));
    return () => own.delete(listener);
  }

  tell(users: Iterable<string>, event: StreamEvent): void {
    for (const user of users) for (const listener of this.#listeners.get(user) ?? []) listener(event);
  }

  tellAll(event: StreamEvent): void {
    this.tell(this.#listeners.keys(), event);
  }
}
