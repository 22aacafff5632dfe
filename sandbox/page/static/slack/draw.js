import { post } from '../lib/api.js';
import { shortName, state } from './state.js';

/** Has blocks (or text) drawn by the server: an HTML string for each drawing, in order. */
export async function drawMany(drawings) {
  if (drawings.length === 0) return [];
  const { htmls } = await post('/render', {
    drawings,
    users: [
      ...state.users.map((user) => ({ id: user.id, name: shortName(user) })),
      ...(state.app.botUserId ? [{ id: state.app.botUserId, name: state.app.name }] : []),
    ],
    channels: state.channels.map(({ id, name }) => ({ id, name })),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  return htmls;
}

/** Marks mentions of the person who looks. */
export function markMe(node) {
  for (const mention of node.querySelectorAll('.slack_user')) {
    mention.classList.toggle('me', mention.dataset.userId === state.me);
  }
}
