import { byId, el } from '../lib/dom.js';
import { toast } from '../lib/toast.js';
import { ODD_BILLS } from './odd-bills.js';
import { site } from './site.js';

const dialog = byId('dialog');

function field(name, label, attributes = {}) {
  const input = el('input', { id: `f-${name}`, name, autocomplete: 'off', class: 'field', ...attributes });
  return el('div', { class: 'form-row' }, el('label', { for: `f-${name}` }, label), input);
}

function showForm(title, submitName, rows, submit) {
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  const close = () => dialog.close();
  const form = el(
    'form',
    {},
    el(
      'header',
      { class: 'modal-head' },
      el('h2', { id: 'dialog-title' }, title),
      el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: close }, '✕'),
    ),
    el('div', { class: 'modal-body' }, rows, problem),
    el(
      'footer',
      { class: 'modal-foot' },
      el('button', { type: 'button', class: 'plain', onclick: close }, 'Cancel'),
      el('button', { type: 'submit', class: 'primary' }, submitName),
    ),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      await submit(form);
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  form.querySelector('select, input').focus();
  return form;
}

/** What a person changes most on each form; `day` and `party` are called otherwise there. */
const FIELDS = {
  bills: [
    ['vendorName', 'Vendor'],
    ['vendorRef', 'Vendor reference'],
    ['dueDate', 'Due', 'date'],
  ],
  'purchase-orders': [
    ['vendorName', 'Vendor'],
    ['promisedOn', 'Promised on', 'date'],
  ],
  checks: [['partyName', 'Vendor']],
  payments: [['partyName', 'Customer']],
  journals: [],
};

/** What is in a field now: views name the party and the day alike for all forms. */
function shownIn(document, name) {
  if (name === 'promisedOn') return document.day ?? '';
  if (name === 'vendorName' || name === 'partyName') return document.partyName ?? '';
  return document[name] ?? '';
}

/** Changes a document as somebody at the ERP's screen would; only what differs is sent. */
export function askChanges(document) {
  const own = FIELDS[document.form];
  const names = ['amount', 'description', ...own.map(([name]) => name)];
  const now = Object.fromEntries(names.map((name) => [name, shownIn(document, name)]));
  const rows = [
    field('amount', `Amount (${document.currency})`, { value: now.amount, inputmode: 'decimal' }),
    ...own.map(([name, label, type = 'text']) => field(name, label, { value: now[name], type })),
    field('description', 'Description', { value: now.description }),
    el(
      'label',
      { class: 'check' },
      el('input', { type: 'checkbox', name: 'quiet' }),
      'Leave “last modified” as it is, as some imports do',
    ),
  ];
  showForm(`Change ${document.ref}`, 'Save', rows, async (form) => {
    const data = new FormData(form);
    const changes = {};
    for (const [name, before] of Object.entries(now)) {
      const value = String(data.get(name) ?? '').trim();
      if (value === before) continue;
      if (value !== '') changes[name] = value;
      else if (name === 'vendorName') changes.vendor = null;
      else if (name === 'partyName') changes.party = null;
      else changes[name] = null;
    }
    if (Object.keys(changes).length === 0) return;
    await site.edit(document, { ...changes, ...(data.get('quiet') && { touch: false }) });
    toast(`${document.ref} changed`);
  });
}

/** Adds one bill, ordinary or odd, or many at once. */
export function askNewBill(latest) {
  const kind = el(
    'select',
    { id: 'f-kind', name: 'kind', class: 'field' },
    ODD_BILLS.map(({ id, name }) => el('option', { value: id }, name)),
  );
  const rows = [
    el('div', { class: 'form-row' }, el('label', { for: 'f-kind' }, 'What kind'), kind),
    field('vendorName', 'Vendor', { placeholder: 'As the kind says, or made up' }),
    field('amount', 'Amount', { placeholder: 'As the kind says, or made up', inputmode: 'decimal' }),
    field('description', 'Description', { placeholder: 'As the kind says, or made up' }),
    field('count', 'How many', { type: 'number', min: 1, max: 10_000, value: 1 }),
  ];
  showForm('New bill', 'Add', rows, async (form) => {
    const data = new FormData(form);
    const typed = Object.fromEntries(
      ['vendorName', 'amount', 'description']
        .map((name) => [name, String(data.get(name)).trim()])
        .filter(([, value]) => value !== ''),
    );
    const fields = { ...ODD_BILLS.find(({ id }) => id === data.get('kind')).fields(latest), ...typed };
    if (fields.vendorName) delete fields.vendor;
    const count = Number(data.get('count')) || 1;
    if (count > 1 && Object.keys(fields).length === 0) {
      await site.addManyBills(count);
      toast(`${count} bills added`);
      return;
    }
    let added;
    for (let made = 0; made < Math.min(count, 200); made += 1) added = await site.add('bills', fields);
    toast(count > 1 ? `${Math.min(count, 200)} bills added` : `${added.type} ${added.ref} added`);
  });
}

/** Adds one document of another form. */
export function askNew({ collection, title, statuses, types }) {
  const choose = (name, label, values, usual) =>
    el(
      'div',
      { class: 'form-row' },
      el('label', { for: `f-${name}` }, label),
      el(
        'select',
        { id: `f-${name}`, name, class: 'field' },
        values.map((value) => el('option', { value, selected: value === usual }, value)),
      ),
    );
  const rows = [
    choose('type', 'Type', types, types[0]),
    choose('status', 'Status', statuses, statuses.includes('Pending Approval') ? 'Pending Approval' : statuses[0]),
    ...FIELDS[collection].map(([name, label, type = 'text']) => field(name, label, { type })),
    field('amount', 'Amount', { placeholder: 'Made up', inputmode: 'decimal' }),
    field('description', 'Description', { placeholder: 'Made up' }),
  ];
  showForm(`New: ${title}`, 'Add', rows, async (form) => {
    const typed = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
    const added = await site.add(collection, Object.fromEntries(typed.filter(([, value]) => value !== '')));
    toast(`${added.type} ${added.ref} added`);
  });
}

export function askClock(settings) {
  const rows = [
    field('billsPerMinute', 'New bills a minute', {
      type: 'number',
      min: 0,
      step: 'any',
      value: settings.billsPerMinute,
    }),
    field('othersPerMinute', 'Other documents a minute', {
      type: 'number',
      min: 0,
      step: 'any',
      value: settings.othersPerMinute,
    }),
    field('changesPerMinute', 'Changes a minute', {
      type: 'number',
      min: 0,
      step: 'any',
      value: settings.changesPerMinute,
    }),
    el(
      'label',
      { class: 'check' },
      el('input', { type: 'checkbox', name: 'paused', checked: settings.clockPaused }),
      'Paused: nothing arrives by itself',
    ),
  ];
  return new Promise((resolve) => {
    showForm('What arrives by itself', 'Save', rows, async (form) => {
      const data = new FormData(form);
      const change = {
        billsPerMinute: Number(data.get('billsPerMinute')),
        othersPerMinute: Number(data.get('othersPerMinute')),
        changesPerMinute: Number(data.get('changesPerMinute')),
        paused: data.get('paused') !== null,
      };
      resolve(await site.clock(change));
    });
  });
}
