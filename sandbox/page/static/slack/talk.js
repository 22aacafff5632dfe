import { askFirst } from '../lib/confirm.js';
import { byId, el } from '../lib/dom.js';
import { tell, toast } from '../lib/toast.js';
import { invite, remove, say, sendAction, sendCommand } from './client.js';
import { wireComposer } from './composer.js';
import { wireAttaching } from './files.js';
import { wireKit } from './kit.js';
import { mentionsFor, withMentions } from './mentions.js';
import { wirePickers } from './picker.js';
import { sourceFor } from './picker-source.js';
import { thread, timeline } from './places.js';
import { state } from './state.js';

function placeOfMessage(node) {
  return { channel: state.place, message_ts: node.closest('[data-ts]').dataset.ts };
}

async function act(action, node) {
  node.closest('[data-ts]').querySelector('.failed')?.remove();
  node.classList.add('busy');
  try {
    const answer = await tell(() => sendAction({ ...placeOfMessage(node), ...action }));
    if (!answer || answer.acked) return;
    const words = answer.status ? `answered with an error (${answer.status})` : 'did not answer';
    node.closest('.kit-block')?.after(el('p', { class: 'failed', role: 'alert' }, `${state.app.name} ${words}.`));
  } finally {
    node.classList.remove('busy');
  }
}

function commands() {
  const lines = state.app.commands ?? ['/erp'];
  return [
    ...lines.map((line) => ({ line, about: `Talk to ${state.app.name}: try “${line} help”` })),
    { line: '/invite', about: `Add somebody to this channel: “/invite @${state.app.name}”` },
    { line: '/remove', about: `Take somebody out of this channel: “/remove @${state.app.name}”` },
  ];
}

async function addApp() {
  await invite(state.place, state.app.botUserId);
  toast(`${state.app.name} is in this channel now.`);
}

async function removeApp() {
  const { name, botUserId } = state.app;
  const sure = await askFirst({
    title: `Remove ${name}?`,
    html: 'It can neither write nor read here until somebody invites it again.',
    confirm: 'Remove',
    deny: 'Cancel',
    style: 'danger',
  });
  if (!sure) return;
  await remove(state.place, botUserId);
  toast(`${name} is no longer in this channel.`);
}

/** What fits what is being typed: a command where it may be one, or a mention. */
function offer(typed) {
  return /^\/\S*$/.test(typed) ? commands().filter(({ line }) => line.startsWith(typed)) : mentionsFor(typed);
}

async function send(text, threadTs, files) {
  const sent = await tell(async () => {
    if (text.startsWith('/') && threadTs) throw new Error('Slash commands cannot be used in threads.');
    if (text.startsWith('/')) await sendCommand(state.place, text);
    else await say(state.place, withMentions(text), threadTs, files);
    return true;
  });
  if (sent) (threadTs ? thread : timeline).scrollDown();
  return sent === true;
}

/** Wires what people do in messages and message boxes. */
export function wireTalk() {
  for (const id of ['messages', 'thread-messages']) {
    wireKit(byId(id), act);
    wirePickers(byId(id), sourceFor(placeOfMessage));
  }
  wireComposer(byId('composer'), (text) => send(text), { suggestions: byId('suggestions'), offer });
  wireComposer(byId('thread-composer'), (text, files) => send(text, state.thread, files), {
    suggestions: byId('thread-suggestions'),
    offer: mentionsFor,
    attaching: wireAttaching(byId('thread-composer')),
  });
  byId('add-app').addEventListener('click', () => tell(addApp));
  byId('remove-app').addEventListener('click', () => tell(removeApp));
}
