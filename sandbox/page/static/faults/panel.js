import { askFirst } from '../lib/confirm.js';
import { el } from '../lib/dom.js';
import { tell, toast } from '../lib/toast.js';

let described = 0;

/** One switch with its line of help; `flip(on)` is called for a change. */
export function switchRow({ name, help, flip }) {
  described += 1;
  const about = `help-${described}`;
  const box = el('input', { type: 'checkbox', role: 'switch', 'aria-label': name, 'aria-describedby': about });
  const hits = el('span', { class: 'hits' });
  box.addEventListener('change', async () => {
    box.disabled = true;
    await tell(() => flip(box.checked));
    box.disabled = false;
  });
  const node = el(
    'label',
    { class: 'row' },
    box,
    el('span', { class: 'words' }, el('b', {}, name), el('small', { id: about }, help)),
    hits,
  );
  const show = (on, count = 0) => {
    if (!box.disabled) box.checked = on;
    node.classList.toggle('on', on);
    hits.textContent = count > 0 ? `hit ${count} time${count === 1 ? '' : 's'}` : '';
  };
  return { node, show };
}

/** Something that happens once. */
export function actionRow({ name, help, danger, run }) {
  const button = el('button', { type: 'button', class: danger ? 'danger' : 'plain' }, name);
  button.addEventListener('click', async () => {
    if (danger && !(await askFirst({ title: `${name}?`, html: '', confirm: name, deny: 'Cancel', style: 'danger' })))
      return;
    await tell(async () => {
      await run();
      toast(`${name}: done`);
    });
  });
  return el('div', { class: 'row' }, el('span', { class: 'words' }, el('small', {}, help)), button);
}

export function group(title, rows) {
  return el('section', { class: 'group' }, el('h3', {}, title), rows);
}

/** Whether a fault that is set is the one of a switch: what the switch asks for is there. */
export function isSame(wanted, set) {
  return Object.entries(wanted).every(([key, value]) =>
    typeof value === 'object' && value !== null ? isSame(value, set[key] ?? {}) : value === set[key],
  );
}
