import { get, post } from '../lib/api.js';
import { showStatus } from '../lib/toast.js';
import { state } from './state.js';

/** The requests of a Slack client, as the person that this page is now. */

export const readWorkspace = () => get('/client/workspace');

export function readMessages(channel, threadTs) {
  const query = new URLSearchParams({ user: state.me, ...(threadTs && { thread_ts: threadTs }) });
  return get(`/client/channels/${channel}/messages?${query}`);
}

export const readViews = () => get(`/client/views?user=${state.me}`);

/** The Home tab as it was published; `open` tells the app that this person looks at it now. */
export const readHome = (open) => get(`/client/home?user=${state.me}&open=${open}`).then(({ view }) => view);
export const openMessagesTab = () => post('/client/home/open', { user: state.me, tab: 'messages' });

export function say(channel, text, threadTs, files = []) {
  const thread = threadTs && { thread_ts: threadTs };
  return post('/client/messages', { user: state.me, channel, text, ...thread, ...(files.length > 0 && { files }) });
}

/** Uses what the menu of a message offers. */
export function runShortcut(shortcut) {
  return answered('The menu', post('/client/shortcuts', { user: state.me, ...shortcut }));
}

export function sendCommand(channel, line) {
  const [command = '', ...words] = line.split(' ');
  return answered(command, post('/client/commands', { user: state.me, channel, command, text: words.join(' ') }));
}

export function sendAction(action) {
  return answered('The click', post('/client/actions', { user: state.me, ...action }));
}

export function submitView(id, values) {
  return answered('The form', post(`/client/views/${id}/submit`, { user: state.me, values }));
}

/** `all` closes the views below as well, as the x of a modal does. */
export const closeView = (id, all) => post(`/client/views/${id}/close`, { user: state.me, all });

/** What an external select offers for what was typed. */
export const suggest = (place) => post('/client/suggestions', { user: state.me, ...place });

/** What a people, conversation or channel picker lists. */
export const choices = (place) => post('/client/choices', { user: state.me, ...place });

/** Brings somebody into a channel, or takes them out of it; `who` is an id or a name. */
export const invite = (channel, who) => post(`/client/channels/${channel}/invite`, { user: state.me, who });
export const remove = (channel, who) => post(`/client/channels/${channel}/remove`, { user: state.me, who });

/** Notes in the top line how fast the app was; whether it answered is for the caller to show. */
async function answered(what, request) {
  const answer = await request;
  const ms = answer.ms < 10 ? answer.ms.toFixed(1) : Math.round(answer.ms);
  if (answer.acked) showStatus(`${what} was answered in ${ms} ms`);
  else if (answer.failure !== 'not_sent') showStatus(`${what} was not answered (${answer.failure}, ${ms} ms)`, true);
  return answer;
}
