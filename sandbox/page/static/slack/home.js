import { byId, drawn, el } from '../lib/dom.js';
import { tell } from '../lib/toast.js';
import { readHome, sendAction } from './client.js';
import { drawMany, markMe } from './draw.js';
import { wireKit } from './kit.js';
import { wireSearch } from './search.js';
import { state } from './state.js';

const box = byId('home');
let view = null;

/** Shows this person's Home tab; with `opened` the app is told that they opened it. */
export async function showHome(opened) {
  const person = state.me;
  const found = await readHome(opened);
  const [html] = found?.blocks ? await drawMany([{ blocks: found.blocks, scope: 'home' }]) : [''];
  if (person !== state.me) return;
  view = found;
  if (!found?.blocks) {
    box.replaceChildren(
      el('div', { class: 'blank' }, el('b', {}, 'Nothing here yet'), 'The app has not published a Home tab for you.'),
    );
    return;
  }
  const top = box.scrollTop;
  const page = drawn(html);
  markMe(page);
  box.replaceChildren(page);
  box.scrollTop = top;
}

wireSearch(box, () => ({ view_id: view?.id }));
wireKit(box, async (action, node) => {
  node.classList.add('busy');
  try {
    await tell(() => sendAction({ view_id: view?.id, ...action }));
  } finally {
    node.classList.remove('busy');
  }
});
