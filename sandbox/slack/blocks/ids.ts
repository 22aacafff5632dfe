import { newShortId } from '../ids.ts';
import { isJson, type Json } from '../model.ts';

const withActionId = new Set([
  'button',
  'overflow',
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
  'datetimepicker',
]);

function isInteractive(element: Json): boolean {
  return withActionId.has(String(element.type)) || /(_select|_input)$/.test(String(element.type));
}

function nameElement(element: unknown): unknown {
  return isJson(element) && isInteractive(element) ? { action_id: newShortId(), ...element } : element;
}

/** The blocks with the ids that Slack fills in where the app gave none. They are new each time. */
export function nameBlocks(blocks: Json[]): Json[] {
  return blocks.map((block) => {
    const named: Json = { block_id: newShortId(), ...block };
    if (Array.isArray(named.elements) && named.type === 'actions') named.elements = named.elements.map(nameElement);
    if (Array.isArray(named.actions)) named.actions = named.actions.map(nameElement);
    if (Array.isArray(named.child_blocks)) named.child_blocks = nameBlocks(named.child_blocks as Json[]);
    if (isJson(named.accessory)) named.accessory = nameElement(named.accessory);
    if (isJson(named.element)) named.element = nameElement(named.element);
    return named;
  });
}
