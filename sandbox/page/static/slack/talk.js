import { byId, el } from '../lib/dom.js';
import { tell, toast } from '../lib/toast.js';
import { addAppTo, say, sendAction, sendCommand } from './client.js';
import { wireComposer } from './composer.js';
import { wireAttaching } from './files.js';
import { wireKit } from './kit.js';
import { mentionsFor, withMentions } from './mentions.js';
import { thread, timeline } from './places.js';
import { wireSearch } from './search.js';
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
    { line: '/invite', about: `Add ${state.app.name} to this channel` },
  ];
}

async function addApp() {
  await addAppTo(state.place);
  toast(`${state.app.name} is a member now.`);
}

/** What fits what is being typed: a command where it may be one, or a mention. */
function offer(typed) {
  return /^\/\S*$/.test(typed) ? commands().filter(({ line }) => line.startsWith(typed)) : mentionsFor(typed);
}

async function send(text, threadTs, files) {
  const sent = await tell(async () => {
    if (text.startsWith('/') && threadTs) throw new Error('Slash commands cannot be used in threads.');
    if (/^\/invite\b/.test(text)) await addApp();
    else if (text.startsWith('/')) await sendCommand(state.place, text);
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
    wireSearch(byId(id), placeOfMessage);
  }
  wireComposer(byId('composer'), (text) => send(text), { suggestions: byId('suggestions'), offer });
  wireComposer(byId('thread-composer'), (text, files) => send(text, state.thread, files), {
    suggestions: byId('thread-suggestions'),
    offer: mentionsFor,
    attaching: wireAttaching(byId('thread-composer')),
  });
  byId('add-app').addEventListener('click', () => tell(addApp));
}
