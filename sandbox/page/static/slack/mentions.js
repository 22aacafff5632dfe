import { shortName, state } from './state.js';

/** Who can be mentioned: the app first. */
function mentionable() {
  const { botUserId, name } = state.app;
  const people = state.users
    .filter(({ id }) => id !== botUserId)
    .map((user) => ({ id: user.id, name: shortName(user) }));
  return [...(botUserId ? [{ id: botUserId, name, about: 'The app' }] : []), ...people];
}

/** What fits the mention that is being typed at the end of a text: each with the text as it would be then. */
export function mentionsFor(typed) {
  const [, before = '', begun] = /^([\s\S]*?(?:^|\s))@([\p{L} .]{0,30})$/u.exec(typed) ?? [];
  if (begun === undefined) return [];
  return mentionable()
    .filter(({ name }) => name.toLowerCase().startsWith(begun.toLowerCase()) && name.length > begun.length)
    .slice(0, 6)
    .map(({ name, about }) => ({ line: `@${name}`, about: about ?? '', text: `${before}@${name}` }));
}

/** Mentions by name as Slack's client sends them. */
export function withMentions(text) {
  return mentionable()
    .toSorted((a, b) => b.name.length - a.name.length)
    .reduce((sent, { id, name }) => sent.replaceAll(`@${name}`, `<@${id}>`), text);
}
