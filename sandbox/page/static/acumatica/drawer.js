import { day, keyOf, moment, money } from '../erp/format.js';
import { askFirst } from '../lib/confirm.js';
import { byId, el } from '../lib/dom.js';
import { tell, toast } from '../lib/toast.js';
import { askChanges } from './forms.js';
import { pill } from './rows.js';
import { site } from './site.js';

const drawer = byId('drawer');
let shown = null;
let opener = null;

const ACTIONS = [
  { action: 'approve', name: 'Approve', from: ['Pending Approval'], look: 'primary' },
  { action: 'reject', name: 'Reject', from: ['Pending Approval'], look: 'danger' },
  {
    action: 'release',
    name: 'Release',
    from: ['Balanced', 'Printed', 'Under Reclassification'],
    look: 'primary',
    but: ['purchase-orders'],
  },
  { action: 'hold', name: 'Hold', from: ['Balanced', 'Pending Approval', 'Rejected'] },
  { action: 'releaseFromHold', name: 'Remove hold', from: ['On Hold'], look: 'primary' },
  { action: 'reverse', name: 'Reverse', from: ['Open', 'Closed'], only: ['bills'] },
  { action: 'void', name: 'Void', from: ['Open', 'Closed'], only: ['checks', 'payments'] },
];

/** Shows one document beside the list, with what can be done to it in the ERP. */
export function openDrawer(document) {
  if (!shown) opener = window.document.activeElement;
  show(document);
  drawer.hidden = false;
  drawer.querySelector('.close').focus();
}

/** Brings the open drawer up to date; what was typed as a reason stays. */
export function refreshDrawer(document) {
  if (!shown || keyOf(shown) !== keyOf(document)) return;
  const reason = byId('reason').value;
  const held = drawer.contains(window.document.activeElement) ? window.document.activeElement.id : '';
  show(document);
  byId('reason').value = reason;
  if (held) (byId(held) ?? drawer.querySelector('.close')).focus();
}

export function closeDrawer() {
  shown = null;
  drawer.hidden = true;
  history.replaceState(null, '', location.pathname);
  if (opener?.isConnected) opener.focus();
}

function show(document) {
  shown = document;
  history.replaceState(
    null,
    '',
    `?${new URLSearchParams({ form: document.form, type: document.type, ref: document.ref })}`,
  );
  const close = el(
    'button',
    { type: 'button', id: 'drawer-close', class: 'icon-button close', 'aria-label': 'Close', onclick: closeDrawer },
    '✕',
  );
  drawer.replaceChildren(
    el(
      'header',
      {},
      el('div', {}, el('p', { class: 'muted' }, document.type), el('h2', { id: 'drawer-title' }, document.ref)),
      pill(document.status),
      close,
    ),
    el('p', { class: 'big' }, money(document.amount, document.currency)),
    el(
      'p',
      { class: 'vendor-name' },
      document.partyName ?? document.party ?? (document.form === 'journals' ? '' : 'No party'),
    ),
    facts(document),
    buttons(document),
    el('h3', {}, `Lines (${document.lines.length})`),
    lines(document),
    el('h3', {}, 'History'),
    el('ol', { class: 'history' }, story(document)),
  );
}

function facts(document) {
  const rows = [
    ['Party', document.party],
    ['Date', day(document.date)],
    ...document.facts,
    ['Branch', document.branch],
    ['Files', document.files.join(', ')],
    ['Description', document.description],
    ['Note', document.note],
  ];
  return el(
    'dl',
    {},
    rows.filter(([, value]) => value).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
  );
}

function buttons(document) {
  const possible = ACTIONS.filter(
    ({ from, only, but }) =>
      from.includes(document.status) && (only?.includes(document.form) ?? true) && !but?.includes(document.form),
  ).map(({ action, name, look }) =>
    el(
      'button',
      { type: 'button', id: `do-${action}`, class: look ?? 'plain', onclick: () => act(document, action, name) },
      name,
    ),
  );
  const change = el(
    'button',
    { type: 'button', id: 'do-change', class: 'plain', onclick: () => askChanges(document) },
    'Change …',
  );
  const isOpen = document.form === 'bills' && document.status === 'Open';
  const pay = isOpen
    ? el('button', { type: 'button', id: 'do-pay', class: 'primary', onclick: () => payBill(document) }, 'Pay')
    : null;
  const drop = el(
    'button',
    { type: 'button', id: 'do-delete', class: 'plain', onclick: () => askDelete(document) },
    'Delete',
  );
  const reason = el('input', {
    id: 'reason',
    placeholder: 'Reason (optional)',
    'aria-label': 'Reason',
    autocomplete: 'off',
  });
  return el('div', { class: 'doing' }, el('div', { class: 'buttons' }, possible, pay, change, drop), reason);
}

async function act(document, action, name) {
  const reason = byId('reason').value;
  const done = await tell(() => site.act(document, action, reason));
  if (!done) return;
  toast(`${name}: ${document.ref} is now ${done.status}`);
  byId('reason').value = '';
  refreshDrawer(done);
}

/** Enters a check for all that is open of a bill and shows it; releasing it pays the bill. */
async function payBill({ vendor, type, ref, balance, branch }) {
  const pays = [{ type, ref, amount: balance }];
  const check = await tell(() => site.add('checks', { party: vendor, branch, pays, description: `Payment of ${ref}` }));
  if (!check) return;
  toast(`Check ${check.ref} entered: release it to pay ${ref}`);
  openDrawer(check);
}

async function askDelete(document) {
  const question = {
    title: `Delete ${document.ref}?`,
    html: 'It is gone from the ERP at once.',
    confirm: 'Delete',
    deny: 'Keep',
    style: 'danger',
  };
  if (!(await askFirst(question))) return;
  if ((await tell(() => site.drop(document).then(() => true))) === true) closeDrawer();
}

function lines(document) {
  const shownLines = document.lines.slice(0, 50);
  const rest = document.lines.length - shownLines.length;
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
            el('td', {}, line.quantity === null ? '' : Number(line.quantity)),
            el('td', {}, line.account ?? ''),
            el('td', {}, `${money(line.amount)}${line.side ? ` ${line.side}` : ''}`),
          ),
        ),
      ),
    ),
    rest > 0 ? el('p', { class: 'muted' }, `and ${rest} more`) : null,
  );
}

function story(document) {
  const events = [{ what: `Entered by ${document.createdBy}`, at: document.createdAt }];
  for (const step of document.steps) {
    if (step.decision)
      events.push({ what: `${capital(step.decision)} by ${step.by}`, at: step.at, kind: step.decision });
  }
  const waiting = document.status === 'Pending Approval' ? document.steps.find((step) => !step.decision) : undefined;
  events.push({ what: `Last changed by ${document.modifiedBy}`, at: document.modifiedAt });
  if (document.reason) events.push({ what: `Reason: ${document.reason}` });
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

window.document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && shown && !window.document.querySelector('dialog[open]')) closeDrawer();
});
