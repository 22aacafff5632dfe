import { askFirst } from '../lib/confirm.js';
import { settle } from '../lib/dom.js';
import { readState } from './values.js';

/**
 * Wires the controls of drawn blocks in a container: `act(action, node)` is called with what a person did.
 * A confirm object is asked first; a link opens and its action is sent as well.
 */
export function wireKit(container, act) {
  container.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-action-id]');
    if (!button || !container.contains(button) || button.disabled) return;
    button.closest('details')?.removeAttribute('open');
    void press(button, act);
  });
  container.addEventListener('change', (event) => {
    const node = event.target.closest('[data-action-id]');
    if (!node || node.tagName === 'BUTTON' || isTyped(node) || !dispatches(node)) return;
    // What is typed into a picker to search is no choice yet.
    if (node.matches('.kit-picker') && event.target !== node) return;
    void change(node, act);
  });
  container.addEventListener('keydown', (event) => {
    const node = event.target.closest('[data-action-id]');
    if (event.key !== 'Enter' || event.shiftKey || !node || !isTyped(node) || !dispatches(node)) return;
    if (!tellsOn(node, 'on_enter_pressed')) return;
    event.preventDefault();
    void change(node, act, 'on_enter_pressed');
  });
  const typedSoon = settle((node) => change(node, act, 'on_character_entered'), 400);
  container.addEventListener('input', (event) => {
    const node = event.target.closest('[data-action-id]');
    if (node && isTyped(node) && dispatches(node) && tellsOn(node, 'on_character_entered')) typedSoon(node);
  });
}

/** When a text field sends what is typed; by itself when Enter is pressed. */
function tellsOn(node, when) {
  return (node.dataset.typing ?? 'on_enter_pressed').split(' ').includes(when);
}

async function press(button, act) {
  const { actionId, blockId, element, value, text, url, confirm } = button.dataset;
  if (url && !confirm) window.open(url, '_blank', 'noopener');
  if (confirm && !(await askFirst(JSON.parse(confirm)))) return;
  if (url && confirm) window.open(url, '_blank', 'noopener');
  const state =
    element === 'overflow'
      ? { selected_option: { text: JSON.parse(text ?? 'null'), value } }
      : { ...(value !== undefined && { value }) };
  await act({ block_id: blockId, action_id: actionId, type: element, ...state }, button);
}

async function change(node, act, typing) {
  const { actionId, blockId, confirm } = node.dataset;
  if (confirm && !(await askFirst(JSON.parse(confirm)))) return;
  await act({ block_id: blockId, action_id: actionId, ...(typing && { typing }), ...readState(node) }, node);
}

function isTyped(node) {
  return node.matches('textarea, input') && !['date', 'time', 'datetime-local'].includes(node.type);
}

/** An input block keeps its value for the form, unless it asks to be told at once. */
function dispatches(node) {
  const input = node.closest('[data-input-block]');
  return !input || input.dataset.dispatch === 'true';
}
