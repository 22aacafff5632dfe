import { drawn, el } from './dom.js';

/** Asks with the texts of a confirm object; resolves to whether the person agreed. */
export function askFirst({ title, html, confirm, deny, style }) {
  const yes = el(
    'button',
    { type: 'button', class: `kit-button ${style === 'danger' ? 'danger' : 'primary'}` },
    confirm,
  );
  const no = el('button', { type: 'button', class: 'kit-button' }, deny);
  const dialog = el(
    'dialog',
    { class: 'modal small', 'aria-labelledby': 'confirm-title' },
    el('header', { class: 'modal-head' }, el('h2', { id: 'confirm-title' }, title)),
    drawn(html, { class: 'modal-body' }),
    el('footer', { class: 'modal-foot' }, no, yes),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    let answer = false;
    yes.addEventListener('click', () => {
      answer = true;
      dialog.close();
    });
    no.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.showModal();
    yes.focus();
  });
}
