import { el, settle } from '../lib/dom.js';
import { tell } from '../lib/toast.js';
import { suggest } from './client.js';

/** Wires external selects: what is typed is sent to the app, and what it offers fills the select. */
export function wireSearch(container, placeOf) {
  const ask = settle((input) => tell(() => fill(input, placeOf(input))), 250);
  container.addEventListener('input', (event) => {
    const input = event.target.closest('[data-search-for]');
    if (input && input.value.length >= Number(input.dataset.minQuery)) ask(input);
  });
}

async function fill(input, place) {
  const select = input.parentElement.querySelector('select');
  const { blockId, actionId } = select.dataset;
  const answer = await suggest({ ...place, block_id: blockId, action_id: actionId, value: input.value });
  const kept = select.multiple ? [...select.selectedOptions] : [select.options[0]];
  const values = new Set(kept.map((option) => option.value));
  const fresh = (options) => options.filter(({ value }) => !values.has(value)).map(optionNode);
  select.replaceChildren(
    ...kept,
    ...fresh(answer.options),
    ...answer.option_groups.map((group) => el('optgroup', { label: group.label?.text ?? '' }, fresh(group.options))),
  );
}

function optionNode({ text, value }) {
  return el('option', { value, 'data-text': JSON.stringify(text ?? null) }, text?.text ?? value);
}
