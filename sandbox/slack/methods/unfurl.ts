import { checkMessageBlocks } from '../blocks/check.ts';
import { SlackError } from '../errors.ts';
import { sharedLinks } from '../interactions/links.ts';
import { isJson, type Json } from '../model.ts';
import { showUnfurls } from '../posting.ts';
import type { Call, Method } from './method.ts';

function readUnfurls({ args, state }: Call): Record<string, Json> {
  if (!args.has('unfurls')) throw new SlackError('missing_unfurls');
  const given = args.structure('unfurls', new SlackError('invalid_unfurls_format'));
  if (!isJson(given) || !Object.values(given).every(isJson)) throw new SlackError('invalid_unfurls_format');
  const unfurls = given as Record<string, Json>;
  for (const { blocks } of Object.values(unfurls)) {
    if (blocks) checkMessageBlocks(blocks, state.options.onlyOneTable ?? true);
  }
  return unfurls;
}

/** Every address has to be among the links of the message, as the event named it. */
function checkLinks({ state }: Call, unfurls: Record<string, Json>, links: string[]): void {
  for (const url of Object.keys(unfurls)) {
    const plain = state.options.escapedLinks ? url.replaceAll('&amp;', '&') : url;
    if (sharedLinks(state, plain).length === 0) throw new SlackError('cannot_unfurl_url');
    if (!links.includes(plain)) throw new SlackError('cannot_unfurl_message');
  }
}

/** Previews of links, in a message (`channel` and `ts`) or in a message box (`unfurl_id` and `source`). */
function unfurl(call: Call): Json {
  const { args, state } = call;
  const id = args.text('unfurl_id');
  const channelId = args.text('channel');
  if (id !== undefined || channelId === 'COMPOSER') {
    if (id !== undefined && !args.has('source')) throw new SlackError('missing_source');
    const draft = state.composing.find(id ?? args.text('ts'));
    if (!draft) throw new SlackError('invalid_unfurl_id');
    const unfurls = readUnfurls(call);
    checkLinks(call, unfurls, draft.links);
    Object.assign(draft.unfurls, unfurls);
    return { ok: true };
  }
  if (!channelId) throw new SlackError('missing_channel');
  const ts = args.text('ts');
  if (!ts) throw new SlackError('missing_ts');
  const unfurls = readUnfurls(call);
  const channel = state.roster.findChannel(channelId);
  if (!channel) throw new SlackError('cannot_find_channel');
  const message = state.messages.get(channel.id, ts);
  if (!message) throw new SlackError('cannot_find_message');
  checkLinks(call, unfurls, sharedLinks(state, message.text));
  showUnfurls(state, message, unfurls);
  return { ok: true };
}

export const unfurlMethods: Record<string, Method> = {
  'chat.unfurl': { tier: 3, scopes: ['links:write'], run: unfurl },
};
