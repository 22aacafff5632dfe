import { nameBlocks } from './blocks/ids.ts';
import { initialState, keepsState, placedElements } from './elements.ts';
import { SlackError } from './errors.ts';
import { newHash, newId } from './ids.ts';
import type { Json, View } from './model.ts';

/** Whether a person may choose that conversation in that picker. */
type Takes = (user: string, element: Json, channel: string) => boolean;

/** The values of a view's inputs; what was typed stays where block_id, action_id and type stay. */
function valuesOf(blocks: Json[], here: (element: Json) => string | null, typed: View['values'] = {}): View['values'] {
  const values: View['values'] = {};
  for (const { block, element } of placedElements(blocks)) {
    if (!keepsState(element)) continue;
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const before = typed[blockId]?.[actionId];
    const inBlock = values[blockId] ?? {};
    inBlock[actionId] = before?.type === element.type ? (before ?? {}) : initialState(element, here(element));
    values[blockId] = inBlock;
  }
  return values;
}

export function blocksOf(view: View): Json[] {
  return view.definition.blocks as Json[];
}

const maxStack = 3;

/** The modals and the Home tab that each person has. */
export class ViewStore {
  readonly #stacks = new Map<string, View[]>();
  readonly #homes = new Map<string, View>();
  readonly #takes: Takes;

  constructor(takes: Takes) {
    this.#takes = takes;
  }

  /** For each picker, the conversation that the modal was opened from, where it can be chosen there. */
  #here(user: string, openedFrom: string | null): (element: Json) => string | null {
    return (element) => (openedFrom !== null && this.#takes(user, element, openedFrom) ? openedFrom : null);
  }

  #create(user: string, definition: Json, openedFrom: string | null): View {
    const blocks = nameBlocks(definition.blocks as Json[]);
    const id = newId('V');
    return {
      id,
      type: definition.type === 'home' ? 'home' : 'modal',
      user,
      definition: { ...definition, blocks },
      hash: newHash(),
      rootViewId: id,
      previousViewId: null,
      values: valuesOf(blocks, this.#here(user, openedFrom)),
      openedFrom,
    };
  }

  /** Opens a modal; one that was open before is gone. */
  open(user: string, definition: Json, openedFrom: string | null): View {
    this.#refuseDuplicate(definition);
    const view = this.#create(user, definition, openedFrom);
    this.#stacks.set(user, [view]);
    return view;
  }

  /** Puts a modal on top; throws push_limit_reached beyond three, not_found when none is open. */
  push(user: string, definition: Json): View {
    this.#refuseDuplicate(definition);
    const stack = this.stack(user);
    const top = stack.at(-1);
    if (!top) throw new SlackError('not_found');
    if (stack.length >= maxStack) throw new SlackError('push_limit_reached');
    const view = this.#create(user, definition, top.openedFrom);
    view.rootViewId = top.rootViewId;
    view.previousViewId = top.id;
    this.#stacks.set(user, [...stack, view]);
    return view;
  }

  /** Replaces what a view shows; throws hash_conflict when `hash` is not the current one. */
  update(view: View, definition: Json, hash?: string): View {
    if (hash !== undefined && hash !== view.hash) throw new SlackError('hash_conflict');
    this.#refuseDuplicate(definition, view);
    const blocks = nameBlocks(definition.blocks as Json[]);
    view.definition = { ...definition, blocks };
    view.values = valuesOf(blocks, this.#here(view.user, view.openedFrom), view.values);
    view.hash = newHash();
    return view;
  }

  publish(user: string, definition: Json, hash?: string): View {
    const home = this.#homes.get(user);
    if (home) return this.update(home, definition, hash);
    if (hash !== undefined) throw new SlackError('hash_conflict');
    const view = this.#create(user, definition, null);
    this.#homes.set(user, view);
    return view;
  }

  #refuseDuplicate(definition: Json, except?: View): void {
    const id = definition.external_id;
    if (typeof id !== 'string' || id === '') return;
    const holder = this.findByExternalId(id);
    if (holder && holder !== except) throw new SlackError('duplicate_external_id');
  }

  stack(user: string): readonly View[] {
    return this.#stacks.get(user) ?? [];
  }

  home(user: string): View | undefined {
    return this.#homes.get(user);
  }

  #all(): View[] {
    return [...this.#homes.values(), ...[...this.#stacks.values()].flat()];
  }

  find(id: string | undefined): View | undefined {
    return this.#all().find((view) => view.id === id);
  }

  findByExternalId(id: string | undefined): View | undefined {
    return this.#all().find((view) => view.definition.external_id === id);
  }

  /** Closes a view and those above it; gives the closed ones. */
  close(view: View): View[] {
    const stack = this.stack(view.user);
    const index = stack.indexOf(view);
    if (index < 0) return [];
    this.#stacks.set(view.user, stack.slice(0, index));
    return stack.slice(index);
  }

  /** Closes all modals of a person; gives the closed ones. */
  clear(user: string): readonly View[] {
    const stack = this.stack(user);
    this.#stacks.delete(user);
    return stack;
  }

  /** Forgets every Home tab and modal, as an uninstall does. */
  reset(): void {
    this.#homes.clear();
    this.#stacks.clear();
  }
}
