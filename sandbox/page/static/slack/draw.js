import { post } from '../lib/api.js';
import { isIm, shortName, state } from './state.js';

/** Has blocks (or text) drawn by the server: an HTML string for each drawing, in order. */
export async function drawMany(drawings) {
  if (drawings.length === 0) return [];
  const { htmls } = await post('/render', {
    drawings,
    users: [...state.users.map((user) => ({ id: user.id, name: shortName(user), kind: 'person' })), ...bots()],
    channels: state.channels.map((channel) => ({
      id: channel.id,
      name: isIm(channel) ? state.app.name : channel.name,
      kind: isIm(channel) ? 'im' : channel.isPrivate ? 'private' : 'public',
    })),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  return htmls;
}

function bots() {
  const { botUserId, name } = state.app;
  return botUserId ? [{ id: botUserId, name, kind: 'bot' }] : [];
}

/** Marks mentions of the person who looks. */
export function markMe(node) {
  for (const mention of node.querySelectorAll('.slack_user')) {
    mention.classList.toggle('me', mention.dataset.userId === state.me);
  }
}
