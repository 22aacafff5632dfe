import { follow } from '../lib/api.js';
import { byId, el, settle } from '../lib/dom.js';
import { tell, toast } from '../lib/toast.js';
import { closeDrawer, openDrawer, refreshDrawer } from './drawer.js';
import { keyOf } from './format.js';
import { askClock, askNewBill } from './forms.js';
import { rowNode } from './rows.js';
import { site } from './site.js';

const FLASH_MS = 2600;
const bills = new Map();
const fresh = new Map();
let limit = 100;
let total = 0;
let wanted = '';
let settings = {};

async function load() {
  const answer = await site.bills(limit);
  total = answer.total;
  bills.clear();
  for (const bill of answer.bills) bills.set(keyOf(bill), bill);
  draw();
}

function matching() {
  const search = byId('search').value.trim().toLowerCase();
  const has = (bill) =>
    [bill.ref, bill.vendorName, bill.vendorRef, bill.description, bill.status, bill.amount].some((each) =>
      String(each ?? '')
        .toLowerCase()
        .includes(search),
    );
  return [...bills.values()].filter((bill) => (!wanted || bill.status === wanted) && (!search || has(bill)));
}

function draw() {
  const shown = matching().sort((a, b) => b.modifiedAt.localeCompare(a.modifiedAt) || b.ref.localeCompare(a.ref));
  const held = document.activeElement?.closest('tr')?.dataset.key;
  const rows = shown.map((bill) => {
    const row = rowNode(bill, openDrawer);
    const flash = fresh.get(keyOf(bill));
    if (flash) {
      row.classList.add(flash.kind);
      row.style.animationDelay = `-${Date.now() - flash.at}ms`;
    }
    return row;
  });
  byId('bills').replaceChildren(...rows);
  rows
    .find((row) => row.dataset.key === held)
    ?.querySelector('button')
    .focus();
  const empty = byId('empty');
  empty.hidden = rows.length > 0;
  empty.textContent = bills.size === 0 ? 'No bills yet.' : 'No bill fits.';
  const more = byId('more');
  more.hidden = bills.size >= total;
  more.textContent = `Show more (${bills.size} of ${total})`;
  drawFilters();
}

function drawFilters() {
  const counts = new Map();
  for (const { status } of bills.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
  const chip = (name, value, count) =>
    el(
      'button',
      { type: 'button', class: 'chip', 'data-status': value, 'aria-pressed': String(wanted === value) },
      name,
      el('span', {}, String(count)),
    );
  const held = document.activeElement?.dataset?.status;
  byId('filters').replaceChildren(
    chip('All', '', bills.size),
    ...[...counts].sort().map(([status, count]) => chip(status, status, count)),
  );
  if (held !== undefined) byId('filters').querySelector(`[data-status="${held}"]`)?.focus();
}

function note(bill, kind) {
  const key = keyOf(bill);
  fresh.set(key, { kind, at: Date.now() });
  setTimeout(() => fresh.delete(key), FLASH_MS);
}

const drawSoon = settle(draw, 50);
const loadSoon = settle(() => tell(load), 200);

function heard({ change, bill }) {
  const key = keyOf(bill);
  if (change === 'removed') {
    bills.delete(key);
    total -= 1;
  } else {
    if (!bills.has(key) && change === 'added') total += 1;
    bills.set(key, bill);
    note(bill, change);
    refreshDrawer(bill);
  }
  drawSoon();
}

async function showAbout() {
  const about = await site.about();
  settings = about.settings;
  const { open, seats } = about.counters.sessions;
  const state = settings.clockPaused
    ? 'nothing arrives by itself'
    : `${settings.billsPerMinute} new and ${settings.changesPerMinute} changed a minute`;
  byId('erp-about').replaceChildren(
    `${about.bills.toLocaleString()} documents · ${open} of ${seats ?? '∞'} API sessions open · ${state} `,
    el('button', { type: 'button', class: 'link', onclick: () => tell(changeClock) }, 'Change …'),
  );
}

async function changeClock() {
  await askClock(settings);
  await showAbout();
}

/** An address such as `?ref=000801`, or `#000801`, where links to the ERP's own screen lead. */
async function openFromAddress() {
  const query = new URLSearchParams(location.search);
  const ref = query.get('ref') ?? decodeURIComponent(location.hash.slice(1));
  if (ref) openDrawer(await site.bill({ ref, type: query.get('type') ?? 'Bill' }));
}

byId('search').addEventListener('input', settle(draw, 80));
byId('filters').addEventListener('click', (event) => {
  const chip = event.target.closest('.chip');
  if (!chip) return;
  wanted = chip.dataset.status;
  draw();
});
byId('more').addEventListener('click', () => {
  limit *= 3;
  void tell(load);
});
byId('add').addEventListener('click', () =>
  askNewBill([...bills.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0]),
);
byId('erp').addEventListener('click', (event) => {
  if (event.target === byId('erp')) closeDrawer();
});

follow(
  site.stream,
  {
    bill: heard,
    bulk: ({ count }) => {
      toast(`${count} bills arrived at once`);
      loadSoon();
    },
  },
  () => tell(load),
);
setInterval(() => showAbout().catch(() => undefined), 5000);
await tell(load);
await tell(showAbout);
await tell(openFromAddress);
window.addEventListener('hashchange', () => tell(openFromAddress));
