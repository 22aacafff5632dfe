import { el } from '../lib/dom.js';
import { tell } from '../lib/toast.js';
import { runShortcut } from './client.js';
import { state } from './state.js';
import { showViews } from './views.js';

/** The menu of a message: what the app offers there. Null where it offers nothing. */
export function moreActions({ channel, ts, ephemeral }) {
  const shortcuts = state.app.installed && !ephemeral ? (state.app.shortcuts ?? []) : [];
  if (shortcuts.length === 0) return null;
  const menu = el('details', { class: 'more-actions' }, el('summary', { 'aria-label': 'More actions' }, '⋯'));
  const run = ({ callbackId }) => {
    menu.removeAttribute('open');
    void tell(async () => {
      await runShortcut({ channel, message_ts: ts, callback_id: callbackId });
      await showViews();
    });
  };
  menu.append(
    el(
      'div',
      { class: 'more-menu', role: 'menu' },
      ...shortcuts.map((shortcut) =>
        el(
          'button',
          { type: 'button', role: 'menuitem', onclick: () => run(shortcut) },
          shortcut.name,
          el('span', {}, state.app.name),
        ),
      ),
    ),
  );
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') menu.removeAttribute('open');
  });
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    if (!menu.contains(relatedTarget)) menu.removeAttribute('open');
  });
  return menu;
}
