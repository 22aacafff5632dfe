import { byId, drawn, el } from '../lib/dom.js';
import { tell } from '../lib/toast.js';
import { closeView, readViews, sendAction, submitView } from './client.js';
import { drawMany, markMe } from './draw.js';
import { clearErrors, showErrors } from './field-errors.js';
import { wireKit } from './kit.js';
import { close as closeList, drawPickers, wirePickers } from './picker.js';
import { sourceFor } from './picker-source.js';
import { keepTyped, readStates } from './values.js';
import { withState } from './with-state.js';

const dialog = byId('view');
const workspace = byId('slack');
const backdrop = byId('view-backdrop');
let shown = null;
let body = null;
let depth = 0;
/** What had the focus before the first modal. */
let opener = null;
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
    if (own === generation) hide();
    return;
  }
  const blocks = withState(view.blocks ?? [], view.state?.values);
  const [html] = await drawMany([{ blocks, scope: `v${view.id}` }]);
  if (own === generation) show(view, html, stack);
}

function hide() {
  closeList();
  shown = null;
  body = null;
  depth = 0;
  backdrop.hidden = true;
  workspace.inert = false;
  if (!dialog.open) return;
  dialog.close();
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}

function show(view, html, stack) {
  const same = shown?.id === view.id;
  const previous = body;
  const held = same ? holdFocus() : null;
  const top = same ? (previous?.scrollTop ?? 0) : 0;
  closeList();
  dialog.classList.toggle('pushed', !same && stack.length > depth && depth > 0);
  dialog.classList.toggle('popped', !same && stack.length < depth);
  shown = view;
  depth = stack.length;
  body = drawn(html, { class: 'modal-body' });
  if (same && previous) keepTyped(previous, body);
  drawPickers(body);
  markMe(body);
  wireKit(body, (action, node) => act(view, action, node));
  wirePickers(
    body,
    sourceFor(() => ({ view_id: view.id, values: readStates(body) })),
  );
  const form = el('form', { novalidate: true }, head(view, stack.at(-2)), body, foot(view));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void tell(() => submit(view, form));
  });
  dialog.replaceChildren(form);
  if (!dialog.open) opener = document.activeElement;
  backdrop.hidden = false;
  workspace.inert = true;
  if (!dialog.open) dialog.show();
  body.scrollTop = top;
  if (!giveFocusBack(held)) firstField(form).focus();
}

/** Where the focus is and what is selected there, to be found again in the next drawing. */
function holdFocus() {
  const { id, selectionStart, selectionEnd } = document.activeElement ?? {};
  return id ? { id, selectionStart, selectionEnd } : null;
}

function giveFocusBack(held) {
  const field = held && document.getElementById(held.id);
  if (!field) return false;
  field.focus();
  if (typeof held.selectionStart === 'number' && /^(text|search|url|tel)?$/.test(field.type ?? '')) {
    field.setSelectionRange(held.selectionStart, held.selectionEnd);
  }
  return true;
}

function firstField(form) {
  const wanted = body.querySelector('[data-focus]');
  const field = wanted?.matches('.kit-picker, .kit-choices') ? wanted.querySelector('input') : wanted;
  return (
    field ??
    body.querySelector('input:not([type="hidden"]), textarea, select, button') ??
    form.querySelector('.modal-foot button')
  );
}

function head(view, below) {
  const back = below
    ? el(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          'aria-label': `Back to ${words(below.title, 'the one before')}`,
          onclick: () => leave(false),
        },
        '‹',
      )
    : el('img', { src: '/page/icon.svg', alt: '', class: 'modal-app' });
  const close = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => leave(true) },
    '✕',
  );
  return el(
    'header',
    { class: 'modal-head' },
    back,
    el('h2', { id: 'view-title' }, words(view.title, 'Untitled')),
    close,
  );
}

function foot(view) {
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
  return el('footer', { class: 'modal-foot' }, cancel, submitButton);
}

/** Shows that the app is being asked, until it answered. */
async function whileAsked(node, work) {
  dialog.classList.add('asking');
  node?.classList.add('busy');
  try {
    return await work();
  } finally {
    dialog.classList.remove('asking');
    node?.classList.remove('busy');
  }
}

function act(view, action, node) {
  const values = readStates(body);
  return whileAsked(node, () => tell(() => sendAction({ view_id: view.id, values, ...action })));
}

/** The simulator checks what Slack's client checks, before it asks the app. */
async function submit(view, form) {
  const button = form.querySelector('[type="submit"]');
  if (!button || button.disabled) return;
  clearErrors(form);
  button.disabled = true;
  try {
    const answer = await whileAsked(button, () => submitView(view.id, readStates(form)));
    if (answer.errors) showErrors(form, answer.errors);
    else await showViews();
  } finally {
    button.disabled = false;
  }
}

function leave(all) {
  const view = shown;
  if (view) void tell(() => closeView(view.id, all).then(showViews));
}

dialog.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  event.preventDefault();
  leave(false);
});
