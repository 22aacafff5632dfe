import { get, post, remove } from '../lib/api.js';
import { byId, el } from '../lib/dom.js';
import { showStatus, tell, toast } from '../lib/toast.js';
import { ACUMATICA_ACTIONS, ACUMATICA_SWITCHES } from './acumatica.js';
import { INTACCT_ACTIONS, INTACCT_SWITCHES } from './intacct.js';
import { actionRow, group, isSame, switchRow } from './panel.js';
import { SLACK_ACTIONS, SLACK_SWITCHES } from './slack.js';

const SLACK = '/admin/slack';
/** The ERPs are spoken to alike. */
const ACUMATICA = { base: '/admin/acumatica', name: 'acumatica', switches: ACUMATICA_SWITCHES };
const INTACCT = { base: '/admin/intacct', name: 'intacct', switches: INTACCT_SWITCHES };
const REFRESH_MS = 2000;
const refreshers = [];
const sets = { slack: [], acumatica: [], intacct: [] };

/** Slack's simulator forgets all faults at once, so those that stay are set again. */
async function flipSlack(fault, on) {
  if (on) {
    await post(`${SLACK}/faults`, fault);
    return;
  }
  const kept = sets.slack.filter((each) => !isSame(fault, each));
  await remove(`${SLACK}/faults`);
  for (const { id: _id, hits: _hits, ...rest } of kept) await post(`${SLACK}/faults`, rest);
}

async function flipErp({ base, name }, { fault, settings, off }, on) {
  if (settings) await post(`${base}/settings`, on ? settings : off);
  else if (on) await post(`${base}/faults`, fault);
  else for (const { id } of sets[name].filter((each) => isSame(fault, each))) await remove(`${base}/faults/${id}`);
}

function addSwitch(item, flip, isOn) {
  const row = switchRow({
    ...item,
    flip: async (on) => {
      await flip(on);
      await refresh();
    },
  });
  refreshers.push((site) => row.show(...isOn(site)));
  return row.node;
}

function slackSwitch(item) {
  return addSwitch(
    item,
    (on) => flipSlack(item.fault, on),
    () => {
      const found = sets.slack.find((each) => isSame(item.fault, each));
      return [found !== undefined, found?.hits];
    },
  );
}

function erpSwitch(erp, item) {
  return addSwitch(
    item,
    (on) => flipErp(erp, item, on),
    ({ [erp.name]: site }) => {
      if (item.settings) return [isSame(item.settings, site.settings)];
      const live = sets[erp.name].find((each) => isSame(item.fault, each));
      return [live !== undefined && (live.times === null || live.hits < live.times), live?.hits];
    },
  );
}

function channelSwitches(channels) {
  return channels
    .filter((channel) => !channel.isDirect)
    .map(({ id, name }) =>
      addSwitch(
        { name: `#${name} is archived`, help: 'Messages to it are refused with is_archived.' },
        (on) => post(`${SLACK}/channels/${id}/${on ? 'archive' : 'unarchive'}`),
        ({ slack }) => [slack.channels.find((channel) => channel.id === id)?.isArchived === true],
      ),
    );
}

function limitSwitches() {
  return [
    addSwitch(
      {
        name: 'No limits at all',
        help: 'As many messages a second as the app can send; real Slack takes one a channel.',
      },
      (on) => post(`${SLACK}/limits`, { mode: on ? 'off' : 'real' }),
      ({ slack }) => [slack.limits === 'off'],
    ),
    addSwitch(
      { name: 'Only the message pace', help: 'One message a second in each channel, but no tiers of methods.' },
      (on) => post(`${SLACK}/limits`, { mode: on ? 'pace-only' : 'real' }),
      ({ slack }) => [slack.limits === 'pace-only'],
    ),
  ];
}

async function refresh() {
  const [slack, acumatica, intacct] = await Promise.all([get(SLACK), get(ACUMATICA.base), get(INTACCT.base)]);
  sets.slack = slack.faults;
  sets.acumatica = acumatica.faults;
  sets.intacct = intacct.faults;
  for (const show of refreshers) show({ slack, acumatica, intacct });
  const { counters } = slack;
  byId('numbers').textContent =
    `Slack: ${counters.posts} posts, ${counters.updates} updates, ${counters.refusals429} times 429, ` +
    `${counters.acks.count} answers (median ${counters.acks.p50 ?? '–'} ms), ${counters.unacked} without. ` +
    `Acumatica: ${acumatica.bills} documents, ${acumatica.counters.sessions.open} sessions open. ` +
    `Sage Intacct: ${intacct.counters.metered} metered calls.`;
  showStatus('');
}

async function clearAll() {
  await Promise.all([
    remove(`${SLACK}/faults`),
    remove(`${ACUMATICA.base}/faults`),
    remove(`${INTACCT.base}/faults`),
    post(`${SLACK}/limits`, { mode: 'real' }),
  ]);
  for (const { base, switches } of [ACUMATICA, INTACCT]) {
    const off = switches.flatMap(({ items }) => items).map((item) => item.off ?? {});
    await post(`${base}/settings`, Object.assign({}, ...off));
  }
  for (const channel of (await get(SLACK)).channels.filter(({ isArchived }) => isArchived)) {
    await post(`${SLACK}/channels/${channel.id}/unarchive`);
  }
  await refresh();
  toast('All switches are off');
}

async function start() {
  const slack = await get(SLACK);
  const actions = (base, list) =>
    group(
      'Once',
      list.map((item) => actionRow({ ...item, run: () => post(base + item.path, item.body ?? {}) })),
    );
  const erpColumn = (erp, list) => [
    erp.switches.map(({ title, items }) =>
      group(
        title,
        items.map((item) => erpSwitch(erp, item)),
      ),
    ),
    actions(erp.base, list),
  ];
  byId('faults').replaceChildren(
    el(
      'div',
      { class: 'column' },
      el('h2', {}, 'Slack'),
      SLACK_SWITCHES.map(({ title, items }) => group(title, items.map(slackSwitch))),
      group('Channels', channelSwitches(slack.channels)),
      group('Limits', limitSwitches()),
      actions(SLACK, SLACK_ACTIONS),
    ),
    el('div', { class: 'column' }, el('h2', {}, 'Acumatica'), ...erpColumn(ACUMATICA, ACUMATICA_ACTIONS)),
    el('div', { class: 'column' }, el('h2', {}, 'Sage Intacct'), ...erpColumn(INTACCT, INTACCT_ACTIONS)),
  );
  await refresh();
  setInterval(() => refresh().catch(() => showStatus('The simulators do not answer', true)), REFRESH_MS);
}

byId('clear-all').addEventListener('click', () => tell(clearAll));
await tell(start);
