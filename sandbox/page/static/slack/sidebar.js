import { byId, el, icon } from '../lib/dom.js';
import { isIm, shownName, state } from './state.js';

/** Draws workspace, channels and unread marks; `open(channelId)` is called for a click. */
export function showSidebar(open) {
  byId('team').textContent = state.team.name ?? 'Workspace';
  showApp();
  const seen = state.channels.filter((channel) => !isIm(channel));
  const apps = state.channels.filter(isIm);
  byId('places').replaceChildren(
    group(
      'Channels',
      seen.map((channel) => place(channel, open)),
    ),
    group(
      'Apps',
      apps.map((channel) => place(channel, open)),
    ),
  );
  byId('places').className = 'places';
}

function showApp() {
  const { app } = state;
  const box = byId('app-state');
  if (app.installed) {
    box.replaceChildren(el('span', { class: 'dot' }), `${app.name ?? 'App'} is installed`);
    return;
  }
  const link = app.installUrl
    ? el('a', { href: app.installUrl, target: '_blank', rel: 'noopener' }, 'Add to Slack')
    : null;
  box.replaceChildren(el('span', { class: 'dot off' }), `${app.name ?? 'The app'} is not installed `, link ?? '');
}

function group(name, places) {
  if (places.length === 0) return '';
  return el(
    'section',
    {},
    el('h3', {}, name),
    el(
      'ul',
      {},
      places.map((each) => el('li', {}, each)),
    ),
  );
}

function place(channel, open) {
  const unread = state.unread.get(channel.id);
  const here = channel.id === state.place;
  const app = isIm(channel);
  const mark = app ? el('img', { src: '/page/icon.svg', alt: '' }) : channel.isPrivate ? icon('lock') : '#';
  const name = app ? (state.app.name ?? 'App') : channel.name;
  const count = unread
    ? el(
        'span',
        { class: `count${unread.pinged ? ' ping' : ''}` },
        String(unread.count),
        el('span', { class: 'hidden' }, ' unread'),
      )
    : null;
  return el(
    'button',
    {
      type: 'button',
      class: `place${unread ? ' unread' : ''}${channel.isArchived ? ' archived' : ''}`,
      'aria-current': here ? 'true' : undefined,
      onclick: () => open(channel.id),
    },
    el('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
    el('span', { class: 'label' }, name),
    app ? el('span', { class: 'badge' }, 'APP') : null,
    count,
  );
}

/** What is worth knowing of somebody besides the name. */
function marks(user) {
  return [
    user.isAdmin && !/admin/i.test(shownName(user)) && 'admin',
    user.guest !== 'no' && 'guest',
    user.externalTeam !== null && 'another company',
    user.locale !== 'en-GB' && user.locale,
  ].filter(Boolean);
}

/** The user switcher. */
export function showSwitcher(change) {
  const select = byId('me');
  select.replaceChildren(
    ...state.users
      .filter(({ deleted }) => !deleted)
      .map((user) => el('option', { value: user.id }, [shownName(user), ...marks(user)].join(' · '))),
  );
  select.value = state.me;
  select.onchange = () => change(select.value);
}
