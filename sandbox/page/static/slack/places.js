import { byId, el, icon } from '../lib/dom.js';
import { tell } from '../lib/toast.js';
import { openMessagesTab, readMessages, readWorkspace } from './client.js';
import { showHome } from './home.js';
import { showSidebar } from './sidebar.js';
import { showSource } from './source.js';
import { channelOf, isColleague, isIm, rememberPlace, state } from './state.js';
import { inChannel, Timeline } from './timeline.js';

const root = byId('slack');

export const timeline = new Timeline(byId('messages'), {
  open: (message) => tell(() => openThread(message.ts)),
  showSource,
  onUnseen: (unseen) => {
    byId('jump').hidden = !unseen;
  },
});
export const thread = new Timeline(byId('thread-messages'), { inThread: true, showSource });

/** Reads people and channels anew; private ones are shown to their members only. */
export async function readPlaces() {
  const { team, users, channels, app } = await readWorkspace();
  Object.assign(state, { team, users, app });
  const me = users.find(({ id }) => id === state.me);
  state.channels = channels.filter(
    ({ isPrivate, isDirect, members }) => (!(isPrivate || isDirect) && isColleague(me)) || members.includes(state.me),
  );
  drawSidebar();
}

export function drawSidebar() {
  showSidebar((id) => tell(() => openPlace(id)));
}

/** Opens a channel, or the conversation with the app. */
export async function openPlace(id) {
  const channel = channelOf(id);
  if (!channel) return;
  if (id !== state.place) closeThread();
  state.place = id;
  const firstNew = state.unread.get(id)?.firstTs;
  state.unread.delete(id);
  rememberPlace();
  drawSidebar();
  root.dataset.pane = state.thread ? 'thread' : 'main';
  showHead(channel);
  await showPlace(isIm(channel) && state.appTab === 'home', firstNew);
}

/** Shows what changed about the place that is open; its messages stay as they are. */
export function refreshHead() {
  const channel = channelOf(state.place);
  showHead(channel);
  byId('composer').hidden = !byId('home').hidden || channel.isArchived;
}

function showHead(channel) {
  const { app } = state;
  const direct = isIm(channel);
  byId('place-name').replaceChildren(
    direct ? app.name : channel.isPrivate ? icon('lock') : '#',
    direct ? '' : ` ${channel.name}`,
  );
  byId('place-about').textContent = direct ? 'App' : aboutChannel(channel);
  byId('draft').placeholder = `Message ${direct ? app.name : `#${channel.name}`}`;
  byId('app-tabs').hidden = !direct;
  const member = channel.members.includes(app.botUserId);
  const changeable = !direct && !channel.isArchived && app.installed && Boolean(app.botUserId);
  byId('add-app').hidden = !changeable || member;
  byId('add-app').textContent = `Invite ${app.name} to this channel`;
  byId('remove-app').hidden = !changeable || !member || channel.name === 'general';
  byId('remove-app').replaceChildren('Remove', el('span', { class: 'wide-only' }, ` ${app.name}`));
  byId('remove-app').ariaLabel = `Remove ${app.name} from this channel`;
}

function aboutChannel({ isArchived, isPrivate, isExtShared, members }) {
  if (isArchived) return 'Archived: nobody can write here';
  const kind = [isPrivate && 'Private channel', isExtShared && 'Shared with another company'].filter(Boolean);
  return [...kind, members.length === 1 ? '1 member' : `${members.length} members`].join(' · ');
}

/** Shows the Home tab, or the messages. */
export async function showPlace(home, firstNew) {
  for (const tab of byId('app-tabs').children) {
    tab.setAttribute('aria-selected', String((tab.dataset.appTab === 'home') === home));
  }
  byId('home').hidden = !home;
  byId('messages').hidden = home;
  byId('composer').hidden = home || channelOf(state.place).isArchived;
  if (home) {
    byId('jump').hidden = true;
    await showHome(true);
    return;
  }
  const { place, me } = state;
  if (isIm(channelOf(place))) void tell(openMessagesTab);
  const messages = await readMessages(place);
  if (place !== state.place || me !== state.me) return;
  const blank = el(
    'div',
    { class: 'blank' },
    el('b', {}, 'No messages yet'),
    'What the app or the people write appears here.',
  );
  await timeline.show(messages.filter(inChannel), blank, firstNew);
}

export async function openThread(ts) {
  state.thread = ts;
  rememberPlace();
  root.classList.add('with-thread');
  root.dataset.pane = 'thread';
  byId('thread').hidden = false;
  byId('thread-place').textContent = byId('place-name').textContent;
  await thread.show(await readMessages(state.place, ts));
  byId('thread-draft').focus();
}

export function closeThread() {
  state.thread = '';
  root.classList.remove('with-thread');
  root.dataset.pane = 'main';
  byId('thread').hidden = true;
}
