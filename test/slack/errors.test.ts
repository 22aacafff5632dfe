import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { expect } from 'chai';
import { fromSlack } from '../../app/slack/errors.ts';

const codes: Array<[string, string, string[]]> = [
  [
    'ends the workspace’s deliveries',
    'ReconnectError',
    ['invalid_auth', 'account_inactive', 'token_revoked', 'not_authed', 'token_expired', 'team_access_not_granted'],
  ],
  [
    'waits',
    'RetryableError',
    [
      'ratelimited',
      'rate_limited',
      'message_limit_exceeded',
      'service_unavailable',
      'team_added_to_org',
      'org_login_required',
      'request_timeout',
    ],
  ],
  ['may have been carried out', 'UnclearError', ['internal_error', 'fatal_error']],
  [
    'is about the place',
    'place',
    [
      'is_archived',
      'messages_tab_disabled',
      'restricted_action',
      'restricted_action_read_only_channel',
      'no_permission',
      'ekm_access_denied',
      'missing_scope',
      'not_allowed_token_type',
      'user_not_found',
      'user_disabled',
    ],
  ],
  ['is about the place until the app is let in', 'uninvited', ['channel_not_found', 'not_in_channel']],
  [
    'is about this message’s content',
    'content',
    [
      'invalid_blocks',
      'invalid_blocks_format',
      'msg_blocks_too_long',
      'msg_too_long',
      'no_text',
      'invalid_arguments',
      'markdown_text_conflict',
      'invalid_metadata_format',
      'too_many_attachments',
      'invalid_attachments',
      'a_code_of_tomorrow',
    ],
  ],
  [
    'is about the message to be redrawn',
    'message',
    [
      'message_not_found',
      'cant_update_message',
      'edit_window_closed',
      'is_inactive',
      'block_mismatch',
      'streaming_state_conflict',
    ],
  ],
];

const nameOf = (error: unknown) => {
  const { name, reason } = error as { name: string; reason?: string };
  return reason ?? name;
};
const platform = (error: string) => fromSlack(new WebAPIPlatformError({ ok: false, error }), 'chat.postMessage');

describe('an error of Slack', () => {
  for (const [what, expected, list] of codes) {
    for (const code of list) it(`${code} ${what}`, () => expect(nameOf(platform(code))).to.equal(expected));
  }

  it('waits as long as it is told to', () => {
    expect(fromSlack(new WebAPIRateLimitedError(7), 'chat.update')).to.include({
      name: 'RetryableError',
      retryAfterMs: 7_000,
    });
  });

  const refusedConnection = Object.assign(new Error('fetch failed'), {
    cause: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }),
  });
  const others: Array<[string, Error, string]> = [
    ['a connection that was never made', new WebAPIRequestError(refusedConnection), 'RetryableError'],
    ['a connection that broke', new WebAPIRequestError(new Error('fetch failed')), 'UnclearError'],
    ['HTTP 500', new WebAPIHTTPError(500, 'Server Error', {}), 'UnclearError'],
    ['HTTP 503', new WebAPIHTTPError(503, 'Unavailable', {}), 'UnclearError'],
    ['HTTP 404', new WebAPIHTTPError(404, 'Not Found', {}), 'RetryableError'],
    ['a page instead of JSON', new WebAPIPlatformError({ ok: false, error: '<html>' }), 'UnclearError'],
    ['anything else', new TypeError('x'), 'UnclearError'],
  ];
  for (const [what, error, expected] of others) {
    it(`${what} is ${expected}`, () => expect(nameOf(fromSlack(error, 'chat.postMessage'))).to.equal(expected));
  }
});
