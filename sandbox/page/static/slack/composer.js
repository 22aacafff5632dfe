import { el } from '../lib/dom.js';

/** A message box: Enter sends, Shift+Enter breaks the line. Text stays when sending fails. */
export function wireComposer(form, send, { suggestions, commands } = {}) {
  const draft = form.querySelector('textarea');
  const grow = () => {
    draft.style.height = 'auto';
    draft.style.height = `${Math.min(draft.scrollHeight, 160)}px`;
  };
  const suggest = () => {
    if (!suggestions) return;
    const typed = draft.value;
    const fitting = /^\/\S*$/.test(typed) ? commands().filter(({ line }) => line.startsWith(typed)) : [];
    suggestions.hidden = fitting.length === 0;
    suggestions.replaceChildren(
      ...fitting.map(({ line, about }) =>
        el('button', { type: 'button', onclick: () => pick(line) }, el('b', {}, line), el('span', {}, about)),
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
    if (text === '') return;
    draft.value = '';
    suggest();
    grow();
    if (!(await send(text)) && draft.value === '') draft.value = text;
  });
}
