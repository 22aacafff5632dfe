import { follow } from '../lib/api.js';
import { byId, settle } from '../lib/dom.js';
import { tell, toast } from '../lib/toast.js';
import { showHome } from './home.js';
import { drawSidebar, openPlace, readPlaces, refreshHead, thread, timeline } from './places.js';
import { channelOf, isIm, state } from './state.js';
import { inChannel } from './timeline.js';
import { showViews } from './views.js';

let stream = null;
const drawSidebarSoon = settle(drawSidebar, 60);
const refreshPlacesSoon = settle(() => tell(refreshPlaces), 100);

/** Follows what this person's client would hear; `onReturn` runs after a break in the connection. */
export function listen(onReturn) {
  stream?.close();
  const views = () => tell(showViews);
  stream = follow(
    `/client/stream?user=${state.me}`,
    {
      message: arrived,
      ephemeral: arrived,
      message_changed: changed,
      message_deleted: removed,
      ephemeral_deleted: removed,
      view_opened: views,
      view_updated: views,
      view_closed: views,
      home_published: homePublished,
      workspace_changed: refreshPlacesSoon,
      notice: ({ text }) => toast(text, 'bad'),
    },
    onReturn,
  );
}

function homePublished() {
  if (isIm(channelOf(state.place)) && !byId('home').hidden) void tell(() => showHome(false));
}

async function refreshPlaces() {
  await readPlaces();
  if (channelOf(state.place)) refreshHead();
  else await openPlace(state.channels[0].id);
}

function arrived(message) {
  const here = message.channel === state.place;
  if (here && !byId('messages').hidden) {
    if (inChannel(message)) timeline.put(message);
  } else if (message.user !== state.me) {
    noteUnread(message);
  }
  if (here && state.thread && message.thread_ts === state.thread) thread.put(message);
}

function noteUnread(message) {
  const known = state.unread.get(message.channel) ?? { count: 0, pinged: false, firstTs: message.ts };
  known.count += 1;
  known.pinged ||= message.ephemeral || isPinged(message) || isIm(channelOf(message.channel));
  state.unread.set(message.channel, known);
  drawSidebarSoon();
}

function isPinged({ pinged }) {
  return pinged.some((each) => each === state.me || ['channel', 'here', 'everyone'].includes(each));
}

function removed({ ts }) {
  timeline.remove(ts);
  thread.remove(ts);
}

function changed(message) {
  if (timeline.has(message.ts)) timeline.put(message);
  if (thread.has(message.ts)) thread.put(message);
}
