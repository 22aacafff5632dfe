import { SlackError } from '../errors.ts';
import type { Json } from '../model.ts';
import type { SlackState } from '../state.ts';

/** `apps.connections.open`: an address for one socket. Only for the app-level token: not_authed, invalid_auth, not_allowed_token_type. */
export function openConnection(state: SlackState, token: string | undefined): Json {
  if (!token) throw new SlackError('not_authed');
  if (!token.startsWith('xapp-')) throw new SlackError('not_allowed_token_type');
  if (token !== state.app.appToken || !state.app.socketMode) throw new SlackError('invalid_auth');
  return { ok: true, url: state.sockets.issueUrl(state.options.baseUrl()) };
}
