import { byId, drawn, el } from '../lib/dom.js';
import { tell } from '../lib/toast.js';
import { closeView, readViews, sendAction, submitView } from './client.js';
import { drawMany, markMe } from './draw.js';
import { wireKit } from './kit.js';
import { wireSearch } from './search.js';
import { keepTyped, readStates } from './values.js';

const dialog = byId('view');
let shown = null;
let body = null;
let generation = 0;

function words(text, otherwise) {
  return text?.text || otherwise;
}

/** Shows the top of this person's stack of modals, or none. What was typed stays over an update. */
export async function showViews() {
  generation += 1;
  const own = generation;
  const stack = await readViews();
  const view = stack.at(-1);
  if (!view) {
    hide();
    return;
  }
  const [html] = await drawMany([{ blocks: view.blocks ?? [], scope: `v${view.id}` }]);
  if (own === generation) show(view, html, stack.length);
}

function hide() {
  shown = null;
  body = null;
  if (dialog.open) dialog.close();
}

function show(view, html, depth) {
  const same = shown?.id === view.id;
  const previous = body;
  shown = view;
  body = drawn(html, { class: 'modal-body' });
  if (same && previous) keepTyped(previous, body);
  markMe(body);
  wireKit(body, (action, node) => act(view, action, node));
  wireSearch(body, () => ({ view_id: view.id }));
  const close = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => leave(true) },
    '✕',
  );
  const form = el(
    'form',
    { novalidate: true },
    el('header', { class: 'modal-head' }, el('h2', { id: 'view-title' }, words(view.title, 'Untitled')), close),
    body,
    foot(view, depth),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void tell(() => submit(view, form));
  });
  const focused = same ? document.activeElement?.id : undefined;
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  const again = focused ? document.getElementById(focused) : null;
  const first =
    body.querySelector('[data-focus]') ?? body.querySelector('input:not([type="hidden"]), textarea, select, button');
  (again ?? first ?? form.querySelector('.modal-foot button') ?? close).focus();
}

function foot(view, depth) {
  const cancel = el(
    'button',
    { type: 'button', class: 'kit-button', onclick: () => leave(false) },
    words(view.close, 'Cancel'),
  );
  const submitButton = view.submit
    ? el(
        'button',
        { type: 'submit', class: 'kit-button primary', disabled: view.submit_disabled === true },
        words(view.submit, 'Submit'),
      )
    : null;
  const note =
    depth > 1 ? el('span', { class: 'muted' }, `On top of ${depth - 1} more`) : el('span', { class: 'muted' });
  return el('footer', { class: 'modal-foot' }, note, cancel, submitButton);
}

async function act(view, action, node) {
  node.classList.add('busy');
  try {
    await tell(() => sendAction({ view_id: view.id, ...action }));
  } finally {
    node.classList.remove('busy');
  }
}

async function submit(view, form) {
  const button = form.querySelector('[type="submit"]');
  clearErrors(form);
  if (missing(form)) return;
  button?.classList.add('busy');
  button?.setAttribute('disabled', '');
  try {
    const answer = await submitView(view.id, readStates(form));
    if (answer.errors) showErrors(form, answer.errors);
    else await showViews();
  } finally {
    button?.classList.remove('busy');
    button?.removeAttribute('disabled');
  }
}

/** Slack checks required fields and lengths before it asks the app. */
function missing(form) {
  const errors = {};
  for (const block of form.querySelectorAll('[data-input-block]')) {
    const control = block.querySelector('[data-action-id]');
    const state = Object.values(readStates(block)[control?.dataset.blockId] ?? {})[0];
    const empty =
      !state || Object.entries(state).every(([key, value]) => key === 'type' || value === null || value.length === 0);
    if (empty && block.dataset.optional !== 'true')
      errors[block.dataset.inputBlock] = 'Please complete this required field.';
    else if (!empty && control.validity && !control.validity.valid) {
      errors[block.dataset.inputBlock] = control.validationMessage;
    }
  }
  showErrors(form, errors);
  return Object.keys(errors).length > 0;
}

function clearErrors(form) {
  for (const block of form.querySelectorAll('[data-input-block]')) {
    block.classList.remove('wrong');
    const said = block.querySelector('.kit-error');
    said.hidden = true;
    said.textContent = '';
    block.querySelector('[data-action-id]')?.removeAttribute('aria-invalid');
  }
}

function showErrors(form, errors) {
  let first = null;
  for (const block of form.querySelectorAll('[data-input-block]')) {
    const message = errors[block.dataset.inputBlock];
    if (!message) continue;
    block.classList.add('wrong');
    const said = block.querySelector('.kit-error');
    said.textContent = message;
    said.hidden = false;
    const control = block.querySelector('[data-action-id]');
    control?.setAttribute('aria-invalid', 'true');
    first ??= block.querySelector('input, select, textarea, button');
  }
  first?.focus();
}

function leave(all) {
  const view = shown;
  if (view) void tell(() => closeView(view.id, all).then(showViews));
}

dialog.addEventListener('cancel', (event) => {
  event.preventDefault();
  leave(false);
});
