import { RequestRefused } from './errors.ts';
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

/** Every control in the blocks, with the block that holds it. */
export function placedElements(blocks: Json[]): PlacedElement[] {
  return blocks.flatMap((block) => {
    const inner = block.type === 'carousel' ? block.elements : block.child_blocks;
    const own = elementsOf(block).filter((element) => isJson(element) && typeof element.action_id === 'string');
    return [
      ...own.map((element) => ({ block, element: element as Json })),
      ...(Array.isArray(inner) ? placedElements(inner as Json[]) : []),
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

/** The state of an element that nobody has touched: its initial value, else null or an empty list. */
export function initialState(element: Json): Json {
  const key = valueKey(element) ?? 'value';
  const initialKey = key.startsWith('selected_') ? key.replace('selected_', 'initial_') : 'initial_value';
  const empty = key.endsWith('s') && key !== 'value' ? [] : null;
  return { type: element.type, [key]: element[initialKey] ?? empty };
}

function optionsOf(element: Json): Json[] {
  const groups = Array.isArray(element.option_groups) ? (element.option_groups as Json[]) : [];
  const own = Array.isArray(element.options) ? (element.options as Json[]) : [];
  return [...own, ...groups.flatMap((group) => group.options as Json[])];
}

/**
 * What a person chose or typed, as the wire has it. `given` is the value of the option, the id, the date, the text, or a
 * whole state object such as `{ selected_option }`; options of an external select must be among `offered`, what the app
 * last suggested. Throws RequestRefused (400) for a choice that is not there.
 */
export function chosenState(element: Json, given: unknown, offered: Json[] = []): Json {
  const key = valueKey(element);
  if (key === undefined) throw new RequestRefused(400, `nothing can be chosen in a ${element.type}`);
  if (given === undefined) return initialState(element);
  if (isJson(given) && Object.hasOwn(given, key)) return chosenState(element, given[key], offered);
  const pick = (choice: unknown) => {
    const value = isJson(choice) ? choice.value : choice;
    const known = [...optionsOf(element), ...offered, ...initialOptions(element)];
    const option = known.find((candidate) => candidate.value === value);
    if (!option) throw new RequestRefused(400, `there is no option ${JSON.stringify(value)}`);
    return option;
  };
  if (key === 'selected_option') return { type: element.type, [key]: given === null ? null : pick(given) };
  if (key === 'selected_options') {
    return { type: element.type, [key]: (Array.isArray(given) ? given : [given]).map(pick) };
  }
  const list = key.endsWith('s') && key.startsWith('selected_');
  const typed = given === '' ? null : given;
  return { type: element.type, [key]: list && !Array.isArray(typed) ? [typed] : typed };
}

function initialOptions(element: Json): Json[] {
  const many = Array.isArray(element.initial_options) ? (element.initial_options as Json[]) : [];
  return isJson(element.initial_option) ? [element.initial_option, ...many] : many;
}

/** Whether a state says that nothing was filled in. */
export function isUnfilled(state: Json): boolean {
  return Object.entries(state).some(
    ([key, value]) =>
      key !== 'type' && (value === null || value === '' || (Array.isArray(value) && value.length === 0)),
  );
}
