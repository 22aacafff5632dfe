import { byId, el, settle } from '../lib/dom.js';
import { showStatus, tell, toast } from '../lib/toast.js';
import { ARRIVALS } from './doings.js';
import { closeDrawer, onChange, openDrawer, refreshDrawer } from './drawer.js';
import { rowNode } from './rows.js';
import { site } from './site.js';

const REFRESH_MS = 2000;
const MOST = 200;
const asked = new URLSearchParams(location.search);
let screens = [];
let object = asked.get('screen') || 'APBILL';
let records = [];
let drawn = '';
let wanted = '';

async function load() {
  const [about, list, answer] = await Promise.all([site.about(), site.screens(), site.records(object, MOST)]);
  screens = list;
  records = answer.rows;
  drawAbout(about);
  const now = JSON.stringify([object, wanted, screens, records]);
  if (now !== drawn) draw();
  drawn = now;
}

function draw() {
  const held = document.activeElement?.closest('tr')?.dataset.key;
  const search = byId('search').value.trim().toLowerCase();
  const fits = (record) =>
    (!wanted || record.status === wanted) &&
    [record.ref, record.party, record.description, record.status, record.amount].some((text) =>
      String(text ?? '')
        .toLowerCase()
        .includes(search),
    );
  const rows = records.filter(fits).map((record) => rowNode(record, openDrawer));
  byId('records').replaceChildren(...rows);
  rows
    .find((row) => row.dataset.key === held)
    ?.querySelector('button')
    .focus();
  const empty = byId('empty');
  empty.hidden = rows.length > 0;
  empty.textContent = records.length === 0 ? 'Nothing here yet.' : 'Nothing fits.';
  drawScreens();
  drawFilters();
}

function chips(box, name, chosen, list, choose) {
  const held = box.contains(document.activeElement) ? document.activeElement.dataset[name] : undefined;
  box.replaceChildren(
    ...list.map(({ value, title, count }) =>
      el(
        'button',
        {
          type: 'button',
          class: 'chip',
          [`data-${name}`]: value,
          'aria-pressed': String(value === chosen),
          onclick: () => choose(value),
        },
        title,
        el('span', {}, String(count)),
      ),
    ),
  );
  if (held !== undefined) box.querySelector(`[data-${name}="${held}"]`)?.focus();
}

function drawScreens() {
  const list = screens.map(({ object: value, title, size }) => ({ value, title, count: size }));
  chips(byId('screens'), 'screen', object, list, showScreen);
  byId('screen-title').textContent = screens.find((screen) => screen.object === object)?.title ?? '';
  byId('add').hidden = (ARRIVALS[object] ?? []).length === 0;
}

function drawFilters() {
  const counts = Map.groupBy(records, ({ status }) => status);
  const list = [...counts].sort().map(([status, of]) => ({ value: status, title: status, count: of.length }));
  chips(byId('filters'), 'status', wanted, [{ value: '', title: 'All', count: records.length }, ...list], (status) => {
    wanted = status;
    draw();
  });
}

function showScreen(next) {
  object = next;
  wanted = '';
  closeDrawer();
  return tell(load);
}

function drawAbout({ settings, counters, clockRuns }) {
  const pace =
    clockRuns && !settings.clockPaused
      ? `${settings.entriesPerMinute} new and ${settings.changesPerMinute} changed a minute`
      : 'nothing arrives by itself';
  const closed = settings.booksClosedThrough
    ? `books closed through ${settings.booksClosedThrough}`
    : 'no books closed';
  const runs = clockRuns && !settings.clockPaused;
  byId('erp-about').replaceChildren(
    `${counters.requests} requests, ${counters.metered} metered calls · ${closed} · ${pace} `,
    el(
      'button',
      { type: 'button', class: 'link', id: 'clock', onclick: () => flipClock(runs) },
      runs ? 'Pause' : 'Let it run',
    ),
  );
}

async function flipClock(runs) {
  await tell(() => site.clock({ paused: runs }));
  await tell(load);
}

function askNew() {
  const dialog = byId('dialog');
  const close = () => dialog.close();
  const choices = ARRIVALS[object].map(({ name, run }) =>
    el(
      'button',
      {
        type: 'button',
        class: 'plain',
        onclick: async () => {
          close();
          if (await tell(run)) toast(`${name}: added`);
          await tell(load);
        },
      },
      name,
    ),
  );
  dialog.replaceChildren(
    el(
      'header',
      { class: 'modal-head' },
      el('h2', { id: 'dialog-title' }, 'What comes in?'),
      el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: close }, '✕'),
    ),
    el('div', { class: 'modal-body choices' }, choices),
  );
  dialog.showModal();
  choices[0]?.focus();
}

byId('search').addEventListener('input', settle(draw, 100));
byId('add').addEventListener('click', askNew);
onChange(() => tell(load));
await tell(load);
if (asked.get('key')) await openDrawer({ object, key: asked.get('key') });
setInterval(
  () =>
    load()
      .then(refreshDrawer)
      .then(() => showStatus(''))
      .catch(() => showStatus('The simulator does not answer', true)),
  REFRESH_MS,
);
