import { askFirst } from '../lib/confirm.js';
import { byId, el } from '../lib/dom.js';
import { tell, toast } from '../lib/toast.js';
import { day, keyOf, moment, money } from './format.js';
import { askChanges } from './forms.js';
import { pill } from './rows.js';
import { site } from './site.js';

const drawer = byId('drawer');
let shown = null;
let opener = null;

const ACTIONS = [
  { action: 'approve', name: 'Approve', from: ['Pending Approval'], look: 'primary' },
  { action: 'reject', name: 'Reject', from: ['Pending Approval'], look: 'danger' },
  { action: 'release', name: 'Release', from: ['Balanced', 'Under Reclassification'], look: 'primary' },
  { action: 'hold', name: 'Hold', from: ['Balanced', 'Pending Approval', 'Rejected'] },
  { action: 'releaseFromHold', name: 'Remove hold', from: ['On Hold'], look: 'primary' },
  { action: 'reverse', name: 'Reverse', from: ['Open', 'Closed'] },
];

/** Shows one bill beside the list, with what can be done to it in the ERP. */
export function openDrawer(bill) {
  if (!shown) opener = document.activeElement;
  show(bill);
  drawer.hidden = false;
  drawer.querySelector('.close').focus();
}

/** Brings the open drawer up to date; what was typed as a reason stays. */
export function refreshDrawer(bill) {
  if (!shown || keyOf(shown) !== keyOf(bill)) return;
  const reason = byId('reason').value;
  const held = drawer.contains(document.activeElement) ? document.activeElement.id : '';
  show(bill);
  byId('reason').value = reason;
  if (held) (byId(held) ?? drawer.querySelector('.close')).focus();
}

export function closeDrawer() {
  shown = null;
  drawer.hidden = true;
  history.replaceState(null, '', location.pathname);
  if (opener?.isConnected) opener.focus();
}

function show(bill) {
  shown = bill;
  history.replaceState(null, '', `?${new URLSearchParams({ type: bill.type, ref: bill.ref })}`);
  const close = el(
    'button',
    { type: 'button', id: 'drawer-close', class: 'icon-button close', 'aria-label': 'Close', onclick: closeDrawer },
    '✕',
  );
  drawer.replaceChildren(
    el(
      'header',
      {},
      el('div', {}, el('p', { class: 'muted' }, bill.type), el('h2', { id: 'drawer-title' }, bill.ref)),
      pill(bill.status),
      close,
    ),
    el('p', { class: 'big' }, money(bill.amount, bill.currency)),
    el('p', { class: 'vendor-name' }, bill.vendorName ?? bill.vendor ?? 'No vendor'),
    facts(bill),
    buttons(bill),
    el('h3', {}, `Lines (${bill.lines.length})`),
    lines(bill),
    el('h3', {}, 'History'),
    el('ol', { class: 'history' }, story(bill)),
  );
}

function facts(bill) {
  const rows = [
    ['Vendor ref.', bill.vendorRef],
    ['Vendor', bill.vendor],
    ['Date', day(bill.date)],
    ['Due', day(bill.dueDate)],
    ['Terms', bill.terms],
    ['Balance', money(bill.balance, bill.currency)],
    ['Branch', bill.branch],
    ['Files', bill.files.join(', ')],
    ['Description', bill.description],
    ['Note', bill.note],
  ];
  return el(
    'dl',
    {},
    rows.filter(([, value]) => value).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
  );
}

function buttons(bill) {
  const possible = ACTIONS.filter(({ from }) => from.includes(bill.status)).map(({ action, name, look }) =>
    el(
      'button',
      { type: 'button', id: `do-${action}`, class: look ?? 'plain', onclick: () => act(bill, action, name) },
      name,
    ),
  );
  const change = el(
    'button',
    { type: 'button', id: 'do-change', class: 'plain', onclick: () => askChanges(bill) },
    'Change …',
  );
  const drop = el(
    'button',
    { type: 'button', id: 'do-delete', class: 'plain', onclick: () => askDelete(bill) },
    'Delete',
  );
  const reason = el('input', {
    id: 'reason',
    placeholder: 'Reason (optional)',
    'aria-label': 'Reason',
    autocomplete: 'off',
  });
  return el('div', { class: 'doing' }, el('div', { class: 'buttons' }, possible, change, drop), reason);
}

async function act(bill, action, name) {
  const reason = byId('reason').value;
  const done = await tell(() => site.act(bill, action, reason));
  if (!done) return;
  toast(`${name}: ${bill.ref} is now ${done.status}`);
  byId('reason').value = '';
  refreshDrawer(done);
}

async function askDelete(bill) {
  const question = {
    title: `Delete ${bill.ref}?`,
    html: 'It is gone from the ERP at once.',
    confirm: 'Delete',
    deny: 'Keep',
    style: 'danger',
  };
  if (!(await askFirst(question))) return;
  if ((await tell(() => site.drop(bill).then(() => true))) === true) closeDrawer();
}

function lines(bill) {
  const shownLines = bill.lines.slice(0, 50);
  const rest = bill.lines.length - shownLines.length;
  return el(
    'div',
    { class: 'lines' },
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ['Description', 'Qty', 'Account', 'Amount'].map((name) => el('th', { scope: 'col' }, name)),
        ),
      ),
      el(
        'tbody',
        {},
        shownLines.map((line) =>
          el(
            'tr',
            {},
            el('td', {}, line.description ?? '—'),
            el('td', {}, Number(line.quantity)),
            el('td', {}, line.account),
            el('td', {}, money(line.amount)),
          ),
        ),
      ),
    ),
    rest > 0 ? el('p', { class: 'muted' }, `and ${rest} more`) : null,
  );
}

function story(bill) {
  const events = [{ what: `Entered by ${bill.createdBy}`, at: bill.createdAt }];
  for (const step of bill.steps) {
    if (step.decision)
      events.push({ what: `${capital(step.decision)} by ${step.by}`, at: step.at, kind: step.decision });
  }
  const waiting = bill.status === 'Pending Approval' ? bill.steps.find((step) => !step.decision) : undefined;
  events.push({ what: `Last changed by ${bill.modifiedBy}`, at: bill.modifiedAt });
  if (bill.reason) events.push({ what: `Reason: ${bill.reason}` });
  if (waiting) events.push({ what: `Waiting for ${waiting.assignee}`, kind: 'waiting' });
  return events.map(({ what, at, kind }) =>
    el(
      'li',
      { class: kind ?? '' },
      el('span', {}, what),
      at ? el('time', { datetime: at, class: 'muted' }, moment(at)) : null,
    ),
  );
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && shown && !document.querySelector('dialog[open]')) closeDrawer();
});
