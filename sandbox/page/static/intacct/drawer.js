import { day, moment, money } from '../erp/format.js';
import { askFirst } from '../lib/confirm.js';
import { byId, el } from '../lib/dom.js';
import { tell, toast } from '../lib/toast.js';
import { DOINGS } from './doings.js';
import { pill } from './rows.js';
import { site } from './site.js';

const drawer = byId('drawer');
let shown = null;
let opener = null;
let changed = () => undefined;

/** Called after something was done here. */
export function onChange(listener) {
  changed = listener;
}

/** Shows one record beside the list, with what can be done to it in the company. */
export async function openDrawer(record) {
  if (!shown) opener = document.activeElement;
  const whole = await tell(() => site.record(record));
  if (!whole) return;
  show(whole);
  drawer.hidden = false;
  drawer.querySelector('.close').focus();
}

/** Brings the open drawer up to date. */
export async function refreshDrawer() {
  if (!shown) return;
  const held = drawer.contains(document.activeElement) ? document.activeElement.id : '';
  const whole = await site.record(shown).catch(() => null);
  if (!whole || !shown) return closeDrawer();
  show(whole);
  if (held) (byId(held) ?? drawer.querySelector('.close')).focus();
}

export function closeDrawer() {
  shown = null;
  drawer.hidden = true;
  history.replaceState(null, '', location.pathname);
  if (opener?.isConnected) opener.focus();
}

function show(record) {
  shown = record;
  history.replaceState(null, '', `?${new URLSearchParams({ screen: record.object, key: record.key })}`);
  drawer.replaceChildren(
    el(
      'header',
      {},
      el(
        'div',
        {},
        el('p', { class: 'muted' }, `${record.object} ${record.key}`),
        el('h2', { id: 'drawer-title' }, record.ref),
      ),
      pill(record.status),
      el(
        'button',
        { type: 'button', id: 'drawer-close', class: 'icon-button close', 'aria-label': 'Close', onclick: closeDrawer },
        '✕',
      ),
    ),
    el('p', { class: 'big' }, money(record.amount, record.currency)),
    el('p', { class: 'vendor-name' }, record.party ?? ''),
    facts(record),
    el('div', { class: 'doing' }, el('div', { class: 'buttons' }, buttons(record))),
    ...(record.lines.length > 0 ? [el('h3', {}, `Lines (${record.lines.length})`), lines(record)] : []),
  );
}

function facts(record) {
  const rows = [
    ['Day', record.day && day(record.day)],
    ['About', record.description],
    ['Entered by', record.createdBy],
    ['Changed', record.changedAt && moment(record.changedAt)],
  ];
  return el(
    'dl',
    {},
    rows.filter(([, value]) => value).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
  );
}

function buttons(record) {
  const possible = DOINGS[record.object].filter(({ from }) => from.includes(record.status));
  const drop = el(
    'button',
    { type: 'button', id: 'do-delete', class: 'plain', onclick: () => askDelete(record) },
    'Delete',
  );
  return [
    ...possible.map((doing) =>
      el(
        'button',
        { type: 'button', id: `do-${doing.id}`, class: doing.look ?? 'plain', onclick: () => run(record, doing) },
        doing.name,
      ),
    ),
    ...(record.object === 'VENDOR' ? [] : [drop]),
  ];
}

async function run(record, { name, run: doIt }) {
  if (!(await tell(() => doIt(record)))) return;
  toast(`${name}: ${record.ref}`);
  await refreshDrawer();
  changed();
}

async function askDelete(record) {
  const question = {
    title: `Delete ${record.ref}?`,
    html: 'It is gone from the company at once.',
    confirm: 'Delete',
    deny: 'Keep',
    style: 'danger',
  };
  if (!(await askFirst(question))) return;
  if ((await tell(() => site.drop(record).then(() => true))) !== true) return;
  closeDrawer();
  changed();
}

function lines(record) {
  const first = record.lines.slice(0, 50);
  const rest = record.lines.length - first.length;
  const cells = (line) => [
    el('td', {}, line.description),
    el('td', {}, line.account ?? ''),
    el('td', {}, `${money(line.amount)}${line.side ? ` ${line.side}` : ''}`),
  ];
  const heads = ['Description', 'Account', 'Amount'].map((name) => el('th', { scope: 'col' }, name));
  return el(
    'div',
    { class: 'lines' },
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, heads)),
      el(
        'tbody',
        {},
        first.map((line) => el('tr', {}, cells(line))),
      ),
    ),
    rest > 0 ? el('p', { class: 'muted' }, `and ${rest} more`) : null,
  );
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && shown && !document.querySelector('dialog[open]')) closeDrawer();
});
