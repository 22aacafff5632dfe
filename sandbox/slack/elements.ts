import { isJson, type Json } from './model.ts';

export interface PlacedElement {
  block: Json;
  element: Json;
}

function elementsOf(block: Json): unknown[] {
  switch (block.type) {
    case 'actions':
      return Array.isArray(block.elements) ? block.elements : [];
    case 'section':
      return [block.accessory];
    case 'input':
      return [block.element];
    case 'card':
      return Array.isArray(block.actions) ? block.actions : [];
    default:
      return [];
  }
}

/** Every control in the blocks, with the block that holds it; `all`: also those that have no action id yet. */
export function placedElements(blocks: Json[], which: 'named' | 'all' = 'named'): PlacedElement[] {
  return blocks.flatMap((block) => {
    const inner = block.type === 'carousel' ? block.elements : block.child_blocks;
    const own = elementsOf(block).filter(
      (element) => isJson(element) && (which === 'all' || typeof element.action_id === 'string'),
    );
    return [
      ...own.map((element) => ({ block, element: element as Json })),
      ...(Array.isArray(inner) ? placedElements(inner as Json[], which) : []),
    ];
  });
}

export function findElement(blocks: Json[], actionId: string, blockId?: string): PlacedElement | undefined {
  return placedElements(blocks).find(
    ({ block, element }) => element.action_id === actionId && (blockId === undefined || block.block_id === blockId),
  );
}

const valueKeys: Record<string, string> = {
  plain_text_input: 'value',
  number_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  rich_text_input: 'rich_text_value',
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  overflow: 'selected_option',
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
  checkboxes: 'selected_options',
  multi_static_select: 'selected_options',
  multi_external_select: 'selected_options',
  multi_users_select: 'selected_users',
  multi_conversations_select: 'selected_conversations',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
};

/** The key under which an element's choice travels, e.g. `selected_option`; undefined for buttons. */
export function valueKey(element: Json): string | undefined {
  return valueKeys[String(element.type)];
}

/** Whether the element has a place in `state.values`. */
export function keepsState(element: Json): boolean {
  return valueKey(element) !== undefined && element.type !== 'overflow';
}

/** Whether several things can be chosen, so that a list travels. */
export function choosesMany(element: Json): boolean {
  const key = valueKey(element) ?? '';
  return key.startsWith('selected_') && key.endsWith('s');
}

/**
 * The state of an element that nobody has touched: its initial value, else `current`, the conversation that the person
 * came from, else null or an empty list.
 */
export function initialState(element: Json, current: string | null = null): Json {
  const key = valueKey(element) ?? 'value';
  const initialKey = key.startsWith('selected_') ? key.replace('selected_', 'initial_') : 'initial_value';
  const many = choosesMany(element);
  const here = element.default_to_current_conversation === true ? current : null;
  const untouched = many ? (here === null ? [] : [here]) : here;
  const initial = element[initialKey];
  return { type: element.type, [key]: initial === '' ? null : (initial ?? untouched) };
}

/** Whether a state says that nothing was filled in. */
export function isUnfilled(state: Json): boolean {
  return Object.entries(state).some(
    ([key, value]) =>
      key !== 'type' && (value === null || value === '' || (Array.isArray(value) && value.length === 0)),
  );
}
