/** What this client knows of the workspace, and what it is looking at. */
export const state = {
  me: '',
  team: {},
  app: {},
  users: [],
  channels: [],
  /** Channel id. */
  place: '',
  /** `home` or `messages`, in the conversation with the app. */
  appTab: 'home',
  thread: '',
  /** Channel id to `{ count, pinged, firstTs }`. */
  unread: new Map(),
};

export function userOf(id) {
  return state.users.find((user) => user.id === id);
}

export function shownName(user) {
  return user?.realName || user?.name || user?.id || 'Somebody';
}

/** Neither a guest nor of another company: sees every public channel. */
export function isColleague(user) {
  return user === undefined || (user.guest === 'no' && user.externalTeam === null);
}

/** The name without what stands in brackets behind it, such as the role. */
export function shortName(user) {
  return shownName(user).replace(/ \(.*\)$/, '');
}

export function channelOf(id) {
  return state.channels.find((channel) => channel.id === id);
}

/** A direct message; the only ones here are those with the app. */
export function isIm(channel) {
  return channel?.isDirect === true;
}

/** Remembers person and place over a reload, and makes the address worth sharing. */
export function rememberPlace() {
  const query = new URLSearchParams({ user: state.me, channel: state.place });
  if (state.thread) query.set('thread', state.thread);
  history.replaceState(null, '', `?${query}`);
}

export function rememberedPlace() {
  const query = new URLSearchParams(location.search);
  return { user: query.get('user'), channel: query.get('channel'), thread: query.get('thread') };
}
