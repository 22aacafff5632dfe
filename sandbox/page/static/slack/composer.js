import { el } from '../lib/dom.js';

/** A message box: Enter sends, Shift+Enter breaks the line. Text stays when sending fails. */
export function wireComposer(form, send, { suggestions, offer, attaching } = {}) {
  const draft = form.querySelector('textarea');
  const grow = () => {
    draft.style.height = 'auto';
    draft.style.height = `${Math.min(draft.scrollHeight, 160)}px`;
  };
  const suggest = () => {
    if (!suggestions) return;
    const fitting = offer(draft.value);
    suggestions.hidden = fitting.length === 0;
    suggestions.replaceChildren(
      ...fitting.map(({ line, about, text }) =>
        el('button', { type: 'button', onclick: () => pick(text ?? line) }, el('b', {}, line), el('span', {}, about)),
      ),
    );
  };
  const pick = (line) => {
    draft.value = `${line} `;
    suggestions.hidden = true;
    draft.focus();
  };
  draft.addEventListener('input', () => {
    grow();
    suggest();
  });
  draft.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = draft.value.trim();
    if (text === '' && !attaching?.any()) return;
    draft.value = '';
    suggest();
    grow();
    if (!(await send(text, await attaching?.take())) && draft.value === '') draft.value = text;
  });
}
