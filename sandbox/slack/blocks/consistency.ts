import { placedElements } from '../elements.ts';
import { isJson, type Json } from '../model.ts';

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

function optionsOf(element: Json): Json[] {
  return [...list(element.options), ...list(element.option_groups).flatMap((group) => list(group.options))];
}

/** What was chosen at first must be offered, in every word of it. */
function initialOptionErrors(element: Json): string[] {
  const offered = optionsOf(element);
  if (offered.length === 0) return [];
  const known = new Set(offered.map((option) => canonical(option)));
  const missing = (option: Json) => !known.has(canonical(option));
  const errors: string[] = [];
  if (isJson(element.initial_option) && missing(element.initial_option)) {
    errors.push('initial_option must match exactly one of the options');
  }
  if (list(element.initial_options).some(missing)) errors.push('initial_options must each match one of the options');
  return errors;
}

/** Options are equal whatever the order of their keys, and whether or not `emoji` is said. */
function canonical({ text, value, description }: Json): string {
  const words = (part: unknown) => (isJson(part) ? [part.type, part.text] : null);
  return JSON.stringify([value, words(text), words(description)]);
}

function boundErrors(element: Json): string[] {
  const { min_length: shortest, max_length: longest, max_selected_items: most } = element;
  const errors: string[] = [];
  if (typeof shortest === 'number' && typeof longest === 'number' && shortest > longest) {
    errors.push('min_length must not be greater than max_length');
  }
  const initial = ['options', 'users', 'conversations', 'channels'].flatMap((what) => element[`initial_${what}`] ?? []);
  if (typeof most === 'number' && initial.length > most) errors.push('more initial values than max_selected_items');
  if (element.type === 'number_input') errors.push(...numberErrors(element));
  return errors;
}

function numberErrors({ min_value: least, max_value: most, initial_value: initial }: Json): string[] {
  const given = [least, most, initial].filter((value) => value !== undefined);
  if (given.some((value) => !Number.isFinite(Number(value)) || value === '')) return ['must be a number'];
  if (least !== undefined && most !== undefined && Number(least) > Number(most)) {
    return ['min_value must not be greater than max_value'];
  }
  const low = least !== undefined && initial !== undefined && Number(initial) < Number(least);
  const high = most !== undefined && initial !== undefined && Number(initial) > Number(most);
  return low || high ? ['initial_value must be between min_value and max_value'] : [];
}

function placeOf(block: Json, element: Json): string {
  if (block.type === 'input') return '/element';
  if (block.type === 'section') return '/accessory';
  const index = list(block.elements).indexOf(element);
  return index < 0 ? '' : `/elements/${index}`;
}

/** What does not fit together inside controls, and more than one that wants the focus. */
export function inconsistencies(blocks: Json[], pointer: string): string[] {
  const errors = blocks.flatMap((block, index) =>
    placedElements([block], 'all').flatMap(({ block: holder, element }) =>
      [...initialOptionErrors(element), ...boundErrors(element)].map(
        (error) => `${error} [json-pointer:${pointer}/${index}${placeOf(holder, element)}]`,
      ),
    ),
  );
  const focused = placedElements(blocks, 'all').filter(({ element }) => element.focus_on_load === true);
  if (focused.length > 1) errors.push(`only one element can have focus_on_load [json-pointer:${pointer}]`);
  return errors;
}
