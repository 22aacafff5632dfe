import { SlackError } from '../errors.ts';
import type { Token } from '../installation.ts';
import type { Json } from '../model.ts';
import type { SlackState } from '../state.ts';
import { Arguments } from './arguments.ts';
import { authMethods } from './auth.ts';
import { chatMethods } from './chat.ts';
import { openConnection } from './connections.ts';
import { conversationMethods } from './conversations.ts';
import type { Method } from './method.ts';
import { type ClientCredentials, exchangeCode } from './oauth.ts';
import { unfurlMethods } from './unfurl.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';

const methods: Record<string, Method> = {
  ...authMethods,
  ...chatMethods,
  ...conversationMethods,
  ...unfurlMethods,
  ...userMethods,
  ...viewMethods,
};

export interface WebApiRequest {
  method: string;
  values: Json;
  token: string | undefined;
  client: ClientCredentials;
}

export interface WebApiAnswer {
  body: Json;
  /** The scopes of the token, for `x-oauth-scopes`. */
  granted: string[];
  accepted: string[];
}

function checkScopes(method: Method, caller: Token): void {
  if (!method.scopes || method.scopes.some((scope) => caller.scopes.has(scope))) return;
  throw new SlackError('missing_scope', {
    needed: method.scopes.join(','),
    provided: [...caller.scopes].join(','),
  });
}

/** `team_id`, which SDKs add to every call, must be a workspace that the app is in. */
function checkTeam({ team, enterprise }: SlackState, teamId: string | undefined): void {
  if (teamId && teamId !== team.id && teamId !== enterprise?.id) throw new SlackError('team_access_not_granted');
}

/** Carries out one Web API call; throws SlackError or RateLimited. */
export function callMethod(state: SlackState, request: WebApiRequest): WebApiAnswer {
  const args = new Arguments(request.values);
  if (request.method === 'oauth.v2.access') {
    state.limits.takeCall(request.method, 'special');
    return { body: exchangeCode(state, args, request.client), granted: [], accepted: [] };
  }
  if (request.method === 'apps.connections.open') {
    state.limits.takeCall(request.method, 'special');
    return { body: openConnection(state, request.token), granted: [], accepted: ['connections:write'] };
  }
  const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (!method) throw new SlackError('unknown_method', { req_method: request.method });
  const caller = state.installation.authenticate(request.token);
  state.limits.takeCall(request.method, method.tier);
  checkScopes(method, caller);
  checkTeam(state, args.text('team_id'));
  const body = method.run({ state, caller, args });
  return { body, granted: [...caller.scopes], accepted: method.scopes ?? [] };
}
