import { clock, drawn, el, icon } from '../lib/dom.js';
import { markMe } from './draw.js';
import { fileList } from './files.js';
import { moreActions } from './more.js';
import { avatar, isApp, nameOf, replyWords } from './people.js';
import { drawPickers } from './picker.js';

export function timeOf(ts) {
  return new Date(Number(ts) * 1000);
}

/** One message of a conversation; `follows` leaves out avatar and name, as under the same person's last one. */
export function messageNode(message, html, { follows, inThread, open, showSource }) {
  if (message.subtype) return systemNode(message, html);
  const time = el('time', { datetime: timeOf(message.ts).toISOString() }, clock(timeOf(message.ts)));
  const meta = el(
    'div',
    { class: 'meta' },
    el('span', { class: 'author' }, nameOf(message)),
    isApp(message) ? el('span', { class: 'badge' }, 'APP') : null,
    time,
  );
  const node = el(
    'article',
    {
      class: `message${follows ? ' follows' : ''}${message.ephemeral ? ' ephemeral' : ''}${message.replyCount ? ' replied' : ''}`,
      'data-ts': message.ts,
    },
    follows ? el('span', { class: 'gutter', 'aria-hidden': 'true' }, clock(timeOf(message.ts))) : avatar(message),
    el(
      'div',
      {},
      message.ephemeral ? el('div', { class: 'only-you' }, icon('eye'), ' Only visible to you') : null,
      follows ? el('span', { class: 'hidden' }, `${nameOf(message)}, `) : meta,
      content(message, html),
      fileList(message),
      replies(message, inThread, open),
    ),
    el(
      'div',
      { class: 'tools' },
      inThread || message.ephemeral ? null : el('button', { type: 'button', onclick: open }, 'Reply in thread'),
      el('button', { type: 'button', onclick: showSource, 'aria-label': 'Show the message as JSON' }, '{ }'),
      moreActions(message),
    ),
  );
  markMe(node);
  drawPickers(node);
  return node;
}

/** What Slack itself says in a channel: somebody joined or left. */
function systemNode(message, html) {
  const node = el(
    'article',
    { class: 'message system', 'data-ts': message.ts },
    el('span', { class: 'gutter', 'aria-hidden': 'true' }, message.subtype === 'channel_join' ? '→' : '←'),
    el(
      'div',
      {},
      drawn(html, { class: 'content' }),
      el('time', { datetime: timeOf(message.ts).toISOString() }, clock(timeOf(message.ts))),
    ),
  );
  markMe(node);
  return node;
}

function content(message, html) {
  const node = drawn(html, { class: 'content' });
  if (message.edited) {
    const edited = el('span', { class: 'edited' }, ' (edited)');
    (node.querySelector('.kit-block:last-child') ?? node).append(edited);
  }
  return node;
}

function replies(message, inThread, open) {
  if (inThread || !message.replyCount) return null;
  return el(
    'button',
    { type: 'button', class: 'replies', onclick: open },
    replyWords(message.replyCount),
    el('span', {}, 'View thread'),
  );
}

/** Brings a drawn message up to date in place, so that focus and scroll stay. */
export function refreshMessage(node, message, html, options) {
  const focused = document.activeElement;
  const held = node.contains(focused) ? focused.dataset.actionId : undefined;
  const fresh = messageNode(message, html, options);
  node.className = `${fresh.className} changed`;
  node.replaceChildren(...fresh.childNodes);
  if (held === undefined) return;
  const again = [...node.querySelectorAll('[data-action-id]')].find((each) => each.dataset.actionId === held);
  if (again) again.focus();
  else {
    node.tabIndex = -1;
    node.focus({ preventScroll: true });
  }
}
