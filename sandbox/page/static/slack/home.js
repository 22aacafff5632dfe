import { byId, drawn, el } from '../lib/dom.js';
import { tell } from '../lib/toast.js';
import { readHome, sendAction } from './client.js';
import { drawMany, markMe } from './draw.js';
import { wireKit } from './kit.js';
import { drawPickers, wirePickers } from './picker.js';
import { sourceFor } from './picker-source.js';
import { state } from './state.js';
import { readStates } from './values.js';
import { withState } from './with-state.js';

const box = byId('home');
let view = null;

/** Shows this person's Home tab; with `opened` the app is told that they opened it. */
export async function showHome(opened) {
  const person = state.me;
  const found = await readHome(opened);
  const [html] = found?.blocks
    ? await drawMany([{ blocks: withState(found.blocks, found.state?.values), scope: 'home' }])
    : [''];
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
  drawPickers(page);
  box.replaceChildren(page);
  box.scrollTop = top;
}

wirePickers(
  box,
  sourceFor(() => ({ view_id: view?.id, values: readStates(box) })),
);
wireKit(box, async (action, node) => {
  node.classList.add('busy');
  try {
    await tell(() => sendAction({ view_id: view?.id, values: readStates(box), ...action }));
  } finally {
    node.classList.remove('busy');
  }
});
