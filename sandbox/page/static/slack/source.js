import { byId, el } from '../lib/dom.js';

const dialog = byId('source');

/** Shows what the app really sent. */
export function showSource(message) {
  const close = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => dialog.close() },
    '✕',
  );
  dialog.replaceChildren(
    el('header', { class: 'modal-head' }, el('h2', { id: 'source-title' }, 'Message as JSON'), close),
    el('div', { class: 'modal-body' }, el('pre', { class: 'source', tabindex: '0' }, JSON.stringify(message, null, 2))),
  );
  dialog.showModal();
  close.focus();
}
