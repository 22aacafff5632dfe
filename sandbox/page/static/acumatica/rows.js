import { el } from '../lib/dom.js';
import { day, keyOf, moment, money, tone } from './format.js';

export function pill(status) {
  return el('span', { class: `pill ${tone(status)}` }, status);
}

/** One bill of the list; `open(bill)` for a click anywhere on it. */
export function rowNode(bill, open) {
  const reference = el('button', { type: 'button', class: 'link', onclick: () => open(bill) }, bill.ref);
  const late = bill.dueDate && bill.dueDate < new Date().toISOString().slice(0, 10) && bill.balance !== '0.00';
  const row = el(
    'tr',
    { 'data-key': keyOf(bill) },
    el('td', { 'data-label': 'Reference' }, reference, bill.type === 'Bill' ? null : el('small', {}, bill.type)),
    el(
      'td',
      { class: 'vendor', 'data-label': 'Vendor' },
      el('b', {}, bill.vendorName ?? bill.vendor ?? 'No vendor'),
      el('small', {}, bill.description ?? ''),
    ),
    el('td', { class: 'right amount', 'data-label': 'Amount' }, money(bill.amount, bill.currency)),
    el('td', { class: late ? 'late' : '', 'data-label': 'Due' }, day(bill.dueDate)),
    el('td', { 'data-label': 'Status' }, pill(bill.status)),
    el('td', { class: 'muted', 'data-label': 'Changed' }, moment(bill.modifiedAt)),
  );
  row.addEventListener('click', (event) => {
    if (!event.target.closest('button')) open(bill);
  });
  return row;
}
