import { byId } from '../lib/dom.js';
import { showStatus, tell, toast } from '../lib/toast.js';
import { listen } from './live.js';
import { closeThread, openPlace, openThread, readPlaces, showPlace, timeline } from './places.js';
import { showSwitcher } from './sidebar.js';
import { channelOf, isIm, rememberedPlace, rememberPlace, state } from './state.js';
import { wireTalk } from './talk.js';
import { showViews } from './views.js';

async function start() {
  const remembered = rememberedPlace();
  await readPlaces();
  const person = state.users.find(({ id }) => id === remembered.user) ?? state.users[0];
  await becomeUser(person.id, remembered);
}

/** Shows the workspace as another person sees it. */
async function becomeUser(id, { channel, thread } = {}) {
  state.me = id;
  state.unread.clear();
  closeThread();
  await readPlaces();
  showSwitcher((user) => tell(() => becomeUser(user, sameKindOfPlace())));
  listen(() => tell(() => becomeUser(state.me, { channel: state.place, thread: state.thread })));
  const usual = state.channels.find((each) => !isIm(each) && /approv/.test(each.name)) ?? state.channels[0];
  const wanted = channel === 'app' ? state.channels.find(isIm) : channelOf(channel);
  await openPlace((wanted ?? usual).id);
  if (thread && wanted) await openThread(thread);
  await showViews();
}

/** Everybody has their own conversation with the app: whoever looks at it goes to theirs. */
function sameKindOfPlace() {
  return { channel: isIm(channelOf(state.place)) ? 'app' : state.place };
}

wireTalk();
byId('jump').addEventListener('click', () => timeline.scrollDown());
byId('close-thread').addEventListener('click', () => {
  closeThread();
  rememberPlace();
  byId('draft').focus();
});
byId('to-sidebar').addEventListener('click', () => {
  byId('slack').dataset.pane = 'sidebar';
});
byId('app-tabs').addEventListener('click', (event) => {
  const tab = event.target.closest('[data-app-tab]');
  if (!tab) return;
  state.appTab = tab.dataset.appTab;
  void tell(() => showPlace(state.appTab === 'home'));
});

start().catch((error) => {
  showStatus('The simulated Slack does not answer', true);
  toast(error.message, 'bad');
});
