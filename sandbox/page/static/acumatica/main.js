import { keyOf } from '../erp/format.js';
import { follow } from '../lib/api.js';
import { byId, el, settle } from '../lib/dom.js';
import { tell, toast } from '../lib/toast.js';
import { closeDrawer, openDrawer, refreshDrawer } from './drawer.js';
import { askClock, askNew, askNewBill } from './forms.js';
import { rowNode } from './rows.js';
import { site } from './site.js';

const FLASH_MS = 2600;
const documents = new Map();
const fresh = new Map();
let limit = 100;
let total = 0;
let wanted = '';
let settings = {};
let forms = [];
let form = new URLSearchParams(location.search).get('form') || 'bills';

async function load() {
  const answer = await site.documents(form, limit);
  total = answer.total;
  documents.clear();
  for (const each of answer.documents) documents.set(keyOf(each), each);
  draw();
}

function matching() {
  const search = byId('search').value.trim().toLowerCase();
  const has = (each) =>
    [each.ref, each.partyName, each.vendorRef, each.description, each.status, each.amount].some((text) =>
      String(text ?? '')
        .toLowerCase()
        .includes(search),
    );
  return [...documents.values()].filter((each) => (!wanted || each.status === wanted) && (!search || has(each)));
}

function draw() {
  const shown = matching().sort((a, b) => b.modifiedAt.localeCompare(a.modifiedAt) || b.ref.localeCompare(a.ref));
  const held = document.activeElement?.closest('tr')?.dataset.key;
  const rows = shown.map((each) => {
    const row = rowNode(each, openDrawer);
    const flash = fresh.get(keyOf(each));
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
  empty.textContent = documents.size === 0 ? 'Nothing here yet.' : 'Nothing fits.';
  const more = byId('more');
  more.hidden = documents.size >= total;
  more.textContent = `Show more (${documents.size} of ${total})`;
  drawFilters();
}

function drawFilters() {
  const counts = new Map();
  for (const { status } of documents.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
  const chip = (name, value, count) =>
    el(
      'button',
      { type: 'button', class: 'chip', 'data-status': value, 'aria-pressed': String(wanted === value) },
      name,
      el('span', {}, String(count)),
    );
  const held = document.activeElement?.dataset?.status;
  byId('filters').replaceChildren(
    chip('All', '', documents.size),
    ...[...counts].sort().map(([status, count]) => chip(status, status, count)),
  );
  if (held !== undefined) byId('filters').querySelector(`[data-status="${held}"]`)?.focus();
}

function note(each, kind) {
  const key = keyOf(each);
  fresh.set(key, { kind, at: Date.now() });
  setTimeout(() => fresh.delete(key), FLASH_MS);
}

const drawSoon = settle(draw, 50);
const loadSoon = settle(() => tell(load), 200);

function heard({ form: of, change, document: plain }) {
  const changed = { ...plain, form: of };
  if (change !== 'removed') refreshDrawer(changed);
  if (of !== form) return;
  const key = keyOf(changed);
  if (change === 'removed') {
    documents.delete(key);
    total -= 1;
  } else {
    if (!documents.has(key) && change === 'added') total += 1;
    documents.set(key, changed);
    note(changed, change);
  }
  drawSoon();
}

const documentsIn = (all) => all.reduce((sum, { size }) => sum + size, 0);

function drawForms() {
  const held = document.activeElement?.dataset?.form;
  byId('forms').replaceChildren(
    ...forms.map(({ collection, title, size }) =>
      el(
        'button',
        { type: 'button', class: 'chip', 'data-form': collection, 'aria-pressed': String(collection === form) },
        title,
        el('span', {}, String(size)),
      ),
    ),
  );
  byId('form-title').textContent = forms.find(({ collection }) => collection === form)?.title ?? '';
  byId('add').textContent = form === 'bills' ? '+ New bill' : '+ New';
  if (held !== undefined) byId('forms').querySelector(`[data-form="${held}"]`)?.focus();
}

function showForm(collection) {
  form = collection;
  wanted = '';
  limit = 100;
  drawForms();
  return tell(load);
}

async function showAbout() {
  const about = await site.about();
  settings = about.settings;
  forms = about.forms;
  drawForms();
  const { open, seats } = about.counters.sessions;
  const state = settings.clockPaused
    ? 'nothing arrives by itself'
    : `${settings.billsPerMinute} new and ${settings.changesPerMinute} changed a minute`;
  byId('erp-about').replaceChildren(
    `${documentsIn(forms).toLocaleString()} documents · ${open} of ${seats ?? '∞'} API sessions open · ${state} `,
    el('button', { type: 'button', class: 'link', onclick: () => tell(changeClock) }, 'Change …'),
  );
}

async function changeClock() {
  await askClock(settings);
  await showAbout();
}

/** An address such as `?form=checks&type=Payment&ref=000501`, where links to the ERP's own screens lead. */
async function openFromAddress() {
  const query = new URLSearchParams(location.search);
  const ref = query.get('ref');
  const type = query.get('type') ?? forms.find(({ collection }) => collection === form)?.types[0];
  if (ref) openDrawer(await site.document({ form, ref, type }));
}

byId('search').addEventListener('input', settle(draw, 80));
byId('filters').addEventListener('click', (event) => {
  const chip = event.target.closest('.chip');
  if (!chip) return;
  wanted = chip.dataset.status;
  draw();
});
byId('forms').addEventListener('click', (event) => {
  const chip = event.target.closest('.chip');
  if (chip) void showForm(chip.dataset.form);
});
byId('more').addEventListener('click', () => {
  limit *= 3;
  void tell(load);
});
byId('add').addEventListener('click', () => {
  if (form !== 'bills') return askNew(forms.find(({ collection }) => collection === form));
  return askNewBill([...documents.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0]);
});
byId('erp').addEventListener('click', (event) => {
  if (event.target === byId('erp')) closeDrawer();
});

follow(
  site.stream,
  {
    document: heard,
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
