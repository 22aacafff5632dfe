import { day, keyOf, moment, money, tone } from '../erp/format.js';
import { el } from '../lib/dom.js';

/** Types that need not be said. */
const USUAL = new Set(['Bill', 'Normal', 'Payment', 'GL']);

export function pill(status) {
  return el('span', { class: `pill ${tone(status)}` }, status);
}

/** One document of the list; `open(document)` for a click anywhere on it. */
export function rowNode(document, open) {
  const reference = el('button', { type: 'button', class: 'link', onclick: () => open(document) }, document.ref);
  const late =
    document.form === 'bills' &&
    document.day &&
    document.day < new Date().toISOString().slice(0, 10) &&
    document.balance !== '0.00';
  const row = el(
    'tr',
    { 'data-key': keyOf(document) },
    el(
      'td',
      { 'data-label': 'Reference' },
      reference,
      USUAL.has(document.type) ? null : el('small', {}, document.type),
    ),
    el(
      'td',
      { class: 'vendor', 'data-label': 'Party' },
      el(
        'b',
        {},
        document.partyName ?? document.party ?? (document.form === 'journals' ? document.description : 'No party'),
      ),
      el('small', {}, document.description ?? ''),
    ),
    el('td', { class: 'right amount', 'data-label': 'Amount' }, money(document.amount, document.currency)),
    el('td', { class: late ? 'late' : '', 'data-label': 'Day' }, day(document.day)),
    el('td', { 'data-label': 'Status' }, pill(document.status)),
    el('td', { class: 'muted', 'data-label': 'Changed' }, moment(document.modifiedAt)),
  );
  row.addEventListener('click', (event) => {
    if (!event.target.closest('button')) open(document);
  });
  return row;
}
