import { isJson, type Json } from './model.ts';

const controlSequence =
  /<(?:!(channel|here|everyone)(?:\|[^>]*)?|!subteam\^([A-Z0-9]+)(?:\|[^>]*)?|@([UW][A-Z0-9]+)(?:\|[^>]*)?)>/g;

/** The mentions in one mrkdwn string. `&lt;!channel&gt;` is text, not a mention. */
export function mentionsInText(text: string): string[] {
  return [...text.matchAll(controlSequence)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
}

/** Labels of controls are never read as mentions, whatever their text type. */
const silentKeys = new Set(['accessory', 'options', 'option_groups', 'confirm', 'placeholder', 'actions', 'metadata']);

function mentionsInValue(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mentionsInValue);
  if (!isJson(value)) return [];
  const own = ownMentions(value);
  const inside = Object.entries(value)
    .filter(([key]) => !silentKeys.has(key))
    .flatMap(([, child]) => mentionsInValue(child));
  return [...own, ...inside];
}

function ownMentions(node: Json): string[] {
  const text = typeof node.text === 'string' ? node.text : '';
  switch (node.type) {
    case 'mrkdwn':
    case 'markdown':
      return mentionsInText(text);
    case 'broadcast':
      return [String(node.range)];
    case 'user':
      return typeof node.user_id === 'string' ? [node.user_id] : [];
    case 'usergroup':
      return typeof node.usergroup_id === 'string' ? [node.usergroup_id] : [];
    default:
      return [];
  }
}

/** Everyone a message mentions, in its text, its blocks and its attachments; each once. */
export function mentionsInMessage(text: string, blocks: Json[] = [], attachments: Json[] = []): string[] {
  const inAttachments = attachments.flatMap((attachment) => [
    ...['pretext', 'text', 'fallback'].flatMap((key) => mentionsInText(String(attachment[key] ?? ''))),
    ...mentionsInValue(attachment.blocks),
  ]);
  return [...new Set([...mentionsInText(text), ...mentionsInValue(blocks), ...inAttachments])];
}
