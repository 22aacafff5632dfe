import { el } from '../lib/dom.js';
import { shortName, state, userOf } from './state.js';

const COLOURS = ['#1264a3', '#2b7a4b', '#9b3b6a', '#b25a12', '#5b4bb5', '#0f7f86', '#8a3a2c', '#456078'];

export function isApp(message) {
  return message.bot === true || message.user === state.app.botUserId;
}

/** Who a message is from: the name it was posted under, or the person's. */
export function nameOf(message) {
  if (isApp(message)) return message.username || state.app.name || 'App';
  return shortName(userOf(message.user));
}

export function avatar(message) {
  if (isApp(message))
    return el('span', { class: 'avatar', 'aria-hidden': 'true' }, el('img', { src: '/page/icon.svg', alt: '' }));
  const name = nameOf(message);
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('');
  return el(
    'span',
    { class: 'avatar', style: `background:${colourOf(message.user)}`, 'aria-hidden': 'true' },
    initials,
  );
}

export function colourOf(id) {
  let sum = 0;
  for (const char of String(id)) sum = (sum * 31 + char.codePointAt(0)) % 9973;
  return COLOURS[sum % COLOURS.length];
}

export function replyWords(count) {
  return count === 1 ? '1 reply' : `${count} replies`;
}
