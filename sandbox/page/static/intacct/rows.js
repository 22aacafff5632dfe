import { day, moment, money } from '../erp/format.js';
import { el } from '../lib/dom.js';

const TONES = {
  Draft: 'violet',
  Submitted: 'amber',
  'Partially Approved': 'amber',
  Approved: 'blue',
  Posted: 'green',
  Selected: 'blue',
  Delivered: 'blue',
  active: 'green',
  Declined: 'red',
  Unapproved: 'red',
};

export function pill(status) {
  return el('span', { class: `pill ${TONES[status] ?? 'grey'}` }, status);
}

/** One record of the list; `open(record)` for a click anywhere on it. */
export function rowNode(record, open) {
  const reference = el('button', { type: 'button', class: 'link', onclick: () => open(record) }, record.ref);
  const row = el(
    'tr',
    { 'data-key': record.key },
    el('td', { 'data-label': 'Reference' }, reference),
    el(
      'td',
      { class: 'vendor', 'data-label': 'What' },
      el('b', {}, record.party ?? ''),
      el('small', {}, record.description ?? ''),
    ),
    el('td', { class: 'right amount', 'data-label': 'Amount' }, money(record.amount, record.currency)),
    el('td', { 'data-label': 'Day' }, day(record.day)),
    el('td', { 'data-label': 'Status' }, pill(record.status)),
    el('td', { class: 'muted', 'data-label': 'Changed' }, record.changedAt ? moment(record.changedAt) : '—'),
  );
  row.addEventListener('click', (event) => {
    if (!event.target.closest('button')) open(record);
  });
  return row;
}
