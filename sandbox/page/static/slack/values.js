/** What a control holds, as Slack writes it in `state.values` and in `actions`. */

const PLACES = { users_select: 'user', conversations_select: 'conversation', channels_select: 'channel' };

function optionOf(node) {
  return { text: JSON.parse(node.dataset.text ?? 'null'), value: node.value };
}

function pickerState({ dataset }, type) {
  const chosen = JSON.parse(dataset.chosen || '[]');
  const place = PLACES[type.replace(/^multi_/, '')];
  const options = chosen.map(({ text, value, description }) => ({ text, value, ...(description && { description }) }));
  if (type.startsWith('multi_')) {
    return {
      type,
      ...(place ? { [`selected_${place}s`]: chosen.map(({ value }) => value) } : { selected_options: options }),
    };
  }
  if (place) return { type, [`selected_${place}`]: chosen[0]?.value ?? null };
  return { type, selected_option: options[0] ?? null };
}

/** The state of one element: `{ type, value | selected_… }`; an empty control holds null. */
export function readState(node) {
  const type = node.dataset.element;
  if (node.matches('.kit-picker')) return pickerState(node, type);
  if (node.tagName === 'SELECT') {
    const [chosen] = node.selectedOptions;
    return { type, selected_option: chosen && chosen.value !== '' ? optionOf(chosen) : null };
  }
  if (type === 'checkboxes') {
    return { type, selected_options: [...node.querySelectorAll('input:checked')].map(optionOf) };
  }
  if (type === 'radio_buttons') {
    const checked = node.querySelector('input:checked');
    return { type, selected_option: checked ? optionOf(checked) : null };
  }
  if (type === 'datepicker') return { type, selected_date: node.value || null };
  if (type === 'timepicker') return { type, selected_time: node.value || null };
  if (type === 'datetimepicker') {
    return { type, selected_date_time: node.value ? Math.floor(Date.parse(node.value) / 1000) : null };
  }
  return { type, value: node.value === '' ? null : node.value };
}

const STATEFUL =
  '[data-action-id]:not([data-element="button"]):not([data-element="workflow_button"]):not([data-element="overflow"])';

/** All controls in a view: `{ block_id: { action_id: state } }`. */
export function readStates(container) {
  const values = {};
  for (const node of container.querySelectorAll(STATEFUL)) {
    values[node.dataset.blockId] ??= {};
    values[node.dataset.blockId][node.dataset.actionId] = readState(node);
  }
  return values;
}

/** Keeps what was typed over a redraw, where block and action ids stayed: as Slack does. */
export function keepTyped(from, to) {
  const key = (node) => `${node.dataset.blockId}\n${node.dataset.actionId}\n${node.dataset.element}`;
  const before = new Map([...from.querySelectorAll(STATEFUL)].map((node) => [key(node), node]));
  for (const node of to.querySelectorAll(STATEFUL)) {
    const old = before.get(key(node));
    if (!old) continue;
    if (old.matches('.kit-picker')) {
      node.dataset.chosen = old.dataset.chosen;
      continue;
    }
    const pairs = old.matches('select') ? [old.options, node.options] : [controls(old), controls(node)];
    for (const control of pairs[1]) {
      const match = [...pairs[0]].find((each) => each.value === control.value || !isChoice(control));
      if (!match) continue;
      if (control.tagName === 'OPTION') control.selected = match.selected;
      else if (isChoice(control)) control.checked = match.checked;
      else control.value = match.value;
    }
  }
}

function controls(node) {
  return node.matches('input, textarea') ? [node] : [...node.querySelectorAll('input')];
}

function isChoice(control) {
  return control.tagName === 'OPTION' || control.type === 'checkbox' || control.type === 'radio';
}
