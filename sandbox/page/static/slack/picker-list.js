import { el, icon } from '../lib/dom.js';
import { colourOf } from './people.js';

let count = 0;

/** The list under a picker: `show(choices, chosen)`, `say(words)`, `move(step)`, `take()`, `remove()`. */
export function listOf(picker, choose) {
  const list = picker.querySelector('.kit-list');
  const input = picker.querySelector('.kit-picker-input');
  count += 1;
  list.id = `kit-list-${count}`;
  input.setAttribute('aria-controls', list.id);
  list.showPopover();
  const place = () => {
    const { left, top, bottom, width } = picker.getBoundingClientRect();
    const below = window.innerHeight - bottom - 8;
    const above = top - 8;
    const up = below < 200 && above > below;
    list.style.left = `${left}px`;
    list.style.width = `${Math.max(width, 220)}px`;
    list.style.maxHeight = `${Math.min(320, Math.max(120, up ? above : below) - 4)}px`;
    list.style.top = up ? 'auto' : `${bottom + 4}px`;
    list.style.bottom = up ? `${window.innerHeight - top + 4}px` : 'auto';
  };
  place();
  window.addEventListener('scroll', place, true);
  window.addEventListener('resize', place);
  // A press on the list must not take the focus from the field, which would close it.
  list.onmousedown = (event) => event.preventDefault();
  let rows = [];
  let active = -1;

  function mark(index) {
    active = index;
    for (const [at, { node }] of rows.entries()) node.classList.toggle('active', at === index);
    const node = rows[index]?.node;
    node?.scrollIntoView({ block: 'nearest' });
    if (node) input.setAttribute('aria-activedescendant', node.id);
    else input.removeAttribute('aria-activedescendant');
  }

  function row(choice, index, chosen) {
    const node = el(
      'div',
      {
        id: `${list.id}-${index}`,
        role: 'option',
        class: `kit-row${chosen ? ' chosen' : ''}`,
        'aria-selected': String(chosen),
        onclick: () => choose(choice),
        onmousemove: () => active !== index && mark(index),
      },
      signOf(choice),
      el('span', { class: 'kit-row-label' }, choice.label, note(choice)),
      chosen ? el('span', { class: 'kit-row-tick', 'aria-hidden': 'true' }, '✓') : null,
    );
    return { node, choice };
  }

  return {
    show(choices, chosen) {
      const values = new Set(chosen.map(({ value }) => value));
      rows = choices.map((choice, index) => row(choice, index, values.has(choice.value)));
      if (rows.length === 0) return this.say('No results');
      const nodes = rows.flatMap(({ node, choice }, index) =>
        choice.group && choice.group !== choices[index - 1]?.group
          ? [el('div', { class: 'kit-group', role: 'presentation' }, choice.group), node]
          : [node],
      );
      list.replaceChildren(...nodes);
      mark(rows.findIndex(({ choice }) => !values.has(choice.value)));
      place();
      return undefined;
    },
    say(words, busy = false) {
      rows = [];
      mark(-1);
      list.replaceChildren(el('div', { class: `kit-note${busy ? ' busy' : ''}`, role: 'status' }, words));
      place();
    },
    move(step) {
      if (rows.length > 0) mark((active + step + rows.length) % rows.length);
    },
    take() {
      if (rows[active]) choose(rows[active].choice);
    },
    remove() {
      window.removeEventListener('scroll', place, true);
      window.removeEventListener('resize', place);
      input.removeAttribute('aria-activedescendant');
      if (list.matches(':popover-open')) list.hidePopover();
      list.replaceChildren();
    },
  };
}

function note({ note: words, description }) {
  const said = words || description?.text;
  return said ? el('small', {}, said) : null;
}

/** What kind of thing it is, at a glance: # or a lock for channels, a face for people. */
export function signOf({ kind, label, value }) {
  if (kind === 'public') return el('span', { class: 'kit-sign', 'aria-label': 'public channel' }, '#');
  if (kind === 'private')
    return el('span', { class: 'kit-sign', 'aria-label': 'private channel', role: 'img' }, icon('lock'));
  if (kind === 'bot' || kind === 'im')
    return el('span', { class: 'kit-sign' }, el('img', { src: '/page/icon.svg', alt: 'app' }));
  if (kind !== 'person') return null;
  const initials = label.split(/\s+/).map((word) => word.charAt(0));
  return el(
    'span',
    { class: 'kit-sign face', style: `background:${colourOf(value)}`, 'aria-hidden': 'true' },
    initials.slice(0, 2).join(''),
  );
}
