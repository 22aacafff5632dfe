import { byId, el } from './dom.js';

/** A short notice at the bottom; it goes by itself. */
export function toast(words, kind = '') {
  const node = el('div', { class: `toast ${kind}`.trim() }, words);
  const box = byId('toasts');
  box.append(node);
  raise(box);
  while (box.children.length > 4) box.firstChild.remove();
  setTimeout(() => node.remove(), kind === 'bad' ? 8000 : 4500);
}

/** Modal dialogs lie above everything that was there before them. */
function raise(box) {
  if (box.matches(':popover-open')) box.hidePopover();
  box.showPopover();
}

/** What the app's last answer was, in the top line. */
export function showStatus(words, bad = false) {
  const status = byId('status');
  status.textContent = words;
  status.classList.toggle('bad', bad);
}

/** Runs work for a click; whatever goes wrong is told, never lost. */
export async function tell(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message, 'bad');
    return undefined;
  }
}
