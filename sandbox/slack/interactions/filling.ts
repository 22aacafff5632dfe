import { chosenState } from '../choosing.ts';
import { keepsState, placedElements } from '../elements.ts';
import { RequestRefused } from '../errors.ts';
import type { Json, View } from '../model.ts';
import type { SlackState } from '../state.ts';
import { blocksOf } from '../view-store.ts';

/** By block id and action id; selects by the value of the option. */
export type GivenValues = Record<string, Record<string, unknown>>;

/** Under which key suggestions for a control are kept: they hold for that person and that view or message alone. */
export function offeredKey(place: { user: string; id: string; blockId: unknown; actionId: unknown }): string {
  return JSON.stringify([place.user, place.id, place.blockId, place.actionId]);
}

/** Fills one control of a view; throws RequestRefused for what cannot be chosen there. */
export function fillOne(state: SlackState, view: View, block: Json, element: Json, value: unknown): Json {
  const [blockId, actionId] = [String(block.block_id), String(element.action_id)];
  const inBlock = view.values[blockId];
  const chosen = chosenState(element, value, {
    state,
    user: view.user,
    offered: state.offered.get(offeredKey({ user: view.user, id: view.id, blockId, actionId })),
    current: inBlock?.[actionId],
  });
  if (inBlock && keepsState(element)) inBlock[actionId] = chosen;
  return chosen;
}

/** What a person filled in so far; throws RequestRefused (404) for an input that is not there. */
export function fillIn(state: SlackState, view: View, given: GivenValues): void {
  for (const [blockId, actions] of Object.entries(given)) {
    for (const [actionId, value] of Object.entries(actions)) {
      const found = placedElements(blocksOf(view)).find(
        ({ block, element }) => block.block_id === blockId && element.action_id === actionId,
      );
      if (!found || !keepsState(found.element))
        throw new RequestRefused(404, `there is no input ${blockId}/${actionId}`);
      fillOne(state, view, found.block, found.element, value);
    }
  }
}
