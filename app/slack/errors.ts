import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import type { PermanentReason } from '../cards/surface.ts';
import { PermanentError, ReconnectError, RetryableError, UnclearError } from '../domain/errors.ts';

type Meaning = 'disconnected' | 'wait' | 'unclear' | PermanentReason;

/** Slack's error codes by what to do next (docs.slack.dev, method pages). Lists are open-ended: see `meaningOf`. */
const meanings: Record<Meaning, readonly string[]> = {
  disconnected: [
    'invalid_auth',
    'account_inactive',
    'token_revoked',
    'not_authed',
    'token_expired',
    'team_access_not_granted',
  ],
  wait: [
    'ratelimited',
    'rate_limited',
    'message_limit_exceeded',
    'service_unavailable',
    'team_added_to_org',
    'org_login_required',
    'request_timeout',
  ],
  unclear: ['internal_error', 'fatal_error'],
  uninvited: ['channel_not_found', 'not_in_channel'],
  place: [
    'is_archived',
    'messages_tab_disabled',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'restricted_action_non_threadable_channel',
    'restricted_action_thread_locked',
    'no_permission',
    'ekm_access_denied',
    'missing_scope',
    'not_allowed_token_type',
    'user_not_found',
    'user_disabled',
    'cannot_dm_bot',
  ],
  message: [
    'message_not_found',
    'cant_update_message',
    'edit_window_closed',
    'is_inactive',
    'block_mismatch',
    'streaming_state_conflict',
  ],
  content: [
    'invalid_blocks',
    'invalid_blocks_format',
    'msg_blocks_too_long',
    'msg_too_long',
    'cannot_unfurl_message',
    'cannot_unfurl_url',
    'cannot_find_message',
    'no_text',
    'invalid_arguments',
  ],
};

const plain: Record<string, string> = {
  is_archived:
    'The channel is archived, so nothing can be posted there. Unarchive it or change the route, then replay.',
  channel_not_found:
    'The channel was not found: it is gone, or private and the app is not in it. Invite the app, and its cards come by themselves; or change the route, then replay.',
  not_in_channel: 'The app is not in the channel. Invite it there, and its cards come by themselves; else replay.',
  user_not_found: 'Slack does not know this person any more. Change the route, then replay.',
  user_disabled: 'This person’s Slack account is switched off. Change the route, then replay.',
  missing_scope:
    'The app lacks a right in Slack that posting there needs. Install it again from the install page, then replay.',
  invalid_blocks:
    'Slack refused the layout of this card. Look at the document in the ERP; this is worth a report to whoever runs the app.',
};

const meaningByCode = new Map(
  Object.entries(meanings).flatMap(([meaning, codes]) => codes.map((code) => [code, meaning as Meaning] as const)),
);

/** Turns what the Web API client throws into an error that says what to do next. */
export function fromSlack(error: unknown, method: string): Error {
  if (error instanceof WebAPIRateLimitedError) {
    return new RetryableError(`Slack asks for ${error.retryAfter} s of patience.`, {
      retryAfterMs: error.retryAfter * 1_000,
      cause: error,
    });
  }
  if (error instanceof WebAPIPlatformError) return fromCode(error.data.error, method, error);
  if (error instanceof WebAPIRequestError && neverLeft(error.original)) {
    return new RetryableError('Slack cannot be reached.', { cause: error });
  }
  if (error instanceof WebAPIHTTPError && error.statusCode < 500) {
    return new RetryableError(`Slack answered ${error.statusCode} to ${method}.`, { cause: error });
  }
  return new UnclearError(`Slack gave no clear answer to ${method}.`, { cause: error });
}

function fromCode(code: string, method: string, cause: Error): Error {
  // A body that is no JSON arrives as its own "code": the call may have been carried out.
  const meaning = /^[a-z][a-z0-9_]*$/.test(code) ? meaningOf(code) : 'unclear';
  const words = plain[code] ?? `Slack refused ${method}: ${code}.`;
  switch (meaning) {
    case 'disconnected':
      return new ReconnectError('Slack no longer accepts the app’s access to this workspace. Install the app again.', {
        field: code,
        cause,
      });
    case 'wait':
      return new RetryableError(words, { cause });
    case 'unclear':
      return new UnclearError(`Slack gave no clear answer to ${method}.`, { cause });
    default:
      return new PermanentError(meaning, words, { cause });
  }
}

/** An unknown code is taken as being about this one message: the rest of the channel goes on. */
function meaningOf(code: string): Meaning {
  return meaningByCode.get(code) ?? 'content';
}

function neverLeft(error: unknown): boolean {
  const codes = new Set([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
  ]);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && codes.has(String(cause.code))) return true;
    if (cause instanceof AggregateError && cause.errors.every((each) => neverLeft(each))) return true;
  }
  return false;
}
