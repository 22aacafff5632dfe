import { el, settle } from '../lib/dom.js';
import { listOf, signOf } from './picker-list.js';

/** The picker whose list is open: `{ picker, list, source, asked }`. */
let opened = null;

const readChosen = (picker) => JSON.parse(picker.dataset.chosen || '[]');
const inputOf = (picker) => picker.querySelector('.kit-picker-input');
const isMany = (picker) => picker.dataset.many === 'true';

/** Draws what is chosen in all pickers of a container. */
export function drawPickers(container) {
  for (const picker of container.querySelectorAll('.kit-picker')) drawChosen(picker);
}

function drawChosen(picker) {
  const box = picker.querySelector('.kit-picker-box');
  const chosen = readChosen(picker);
  const input = inputOf(picker);
  for (const part of box.querySelectorAll('.kit-chip, .kit-clear, .kit-sign')) part.remove();
  input.dataset.placeholder ??= input.placeholder;
  if (isMany(picker)) {
    for (const choice of chosen) box.insertBefore(chipOf(picker, choice), input);
    input.placeholder = chosen.length > 0 ? '' : input.dataset.placeholder;
    return;
  }
  const [only] = chosen;
  input.value = only?.label ?? '';
  const sign = only && signOf(only);
  if (sign) box.prepend(sign);
  if (only && picker.closest('[data-optional]')) {
    box.append(
      el(
        'button',
        { type: 'button', class: 'kit-clear', 'aria-label': `Clear ${only.label}`, onclick: () => set(picker, []) },
        '✕',
      ),
    );
  }
}

function chipOf(picker, choice) {
  const drop = () => {
    set(
      picker,
      readChosen(picker).filter(({ value }) => value !== choice.value),
    );
    inputOf(picker).focus();
  };
  return el(
    'span',
    { class: `kit-chip ${choice.kind}` },
    signOf(choice),
    el('span', {}, choice.label),
    el('button', { type: 'button', 'aria-label': `Remove ${choice.label}`, onclick: drop }, '✕'),
  );
}

/** Says what is chosen now, and that it changed. */
function set(picker, chosen) {
  picker.dataset.chosen = JSON.stringify(chosen);
  drawChosen(picker);
  picker.dispatchEvent(new Event('change', { bubbles: true }));
}

function choose(picker, choice) {
  const chosen = readChosen(picker);
  const known = chosen.some(({ value }) => value === choice.value);
  inputOf(picker).value = '';
  if (!isMany(picker)) {
    close();
    set(picker, [choice]);
    return;
  }
  const most = Number(picker.dataset.most ?? Number.POSITIVE_INFINITY);
  if (!known && chosen.length >= most) {
    opened?.list.say(`No more than ${most} can be chosen.`);
    return;
  }
  set(picker, known ? chosen.filter(({ value }) => value !== choice.value) : [...chosen, choice]);
  void look(picker);
}

function open(picker, source) {
  if (opened?.picker === picker) return;
  close();
  opened = { picker, list: listOf(picker, (choice) => choose(picker, choice)), source };
  inputOf(picker).setAttribute('aria-expanded', 'true');
  void look(picker);
}

/** Closes the list that is open, if one is; what was typed and not chosen goes. */
export function close() {
  if (!opened) return;
  const { picker, list } = opened;
  opened = null;
  list.remove();
  inputOf(picker).setAttribute('aria-expanded', 'false');
  inputOf(picker).value = '';
  drawChosen(picker);
}

/** Looks for what was typed; a later question makes an earlier answer void. */
async function look(picker) {
  if (opened?.picker !== picker) return;
  const asked = {};
  opened.asked = asked;
  const still = () => opened?.picker === picker && opened.asked === asked;
  const answer = opened.source(picker, isTyped(picker) ? inputOf(picker).value : '');
  if (answer instanceof Promise) opened.list.say('Loading …', true);
  try {
    const { choices, note } = await answer;
    if (!still()) return;
    if (note) opened.list.say(note);
    else opened.list.show(choices, readChosen(picker));
  } catch (error) {
    if (still()) opened.list.say(`Could not be loaded: ${error.message}`);
  }
}

/** In a field for one choice the text is that choice until somebody types. */
const isTyped = (picker) => isMany(picker) || inputOf(picker).dataset.typed === 'true';
const lookSoon = settle(look, 200);

function onKey(event, picker, source) {
  const input = inputOf(picker);
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      event.preventDefault();
      open(picker, source);
      opened.list.move(event.key === 'ArrowDown' ? 1 : -1);
      return;
    case 'Enter':
      event.preventDefault();
      if (opened?.picker === picker) opened.list.take();
      else open(picker, source);
      return;
    case 'Escape':
      if (opened?.picker !== picker) return;
      event.preventDefault();
      event.stopPropagation();
      close();
      return;
    case 'Backspace':
      if (isMany(picker) && input.value === '' && readChosen(picker).length > 0)
        set(picker, readChosen(picker).slice(0, -1));
      return;
  }
}

/** Wires the pickers in a container; `source(picker, typed)` gives `{ choices }` or a `{ note }`, or promises it. */
export function wirePickers(container, source) {
  const pickerOf = (event) => event.target.closest?.('.kit-picker');
  container.addEventListener('click', (event) => {
    const picker = pickerOf(event);
    if (!picker || event.target.closest('button, .kit-list')) return;
    inputOf(picker).focus();
    open(picker, source);
  });
  container.addEventListener('focusin', (event) => {
    const picker = pickerOf(event);
    if (!picker || event.target !== inputOf(picker)) return;
    event.target.dataset.typed = 'false';
    if (!isMany(picker)) event.target.select();
  });
  container.addEventListener('focusout', (event) => {
    if (opened && !opened.picker.contains(event.relatedTarget)) close();
  });
  container.addEventListener('input', (event) => {
    const picker = pickerOf(event);
    if (!picker || event.target !== inputOf(picker)) return;
    event.target.dataset.typed = 'true';
    if (opened?.picker === picker) lookSoon(picker);
    else open(picker, source);
  });
  container.addEventListener('keydown', (event) => {
    const picker = pickerOf(event);
    if (!picker || event.target !== inputOf(picker)) return;
    onKey(event, picker, source);
  });
}
