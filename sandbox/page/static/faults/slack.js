/** What Slack can do wrong. `fault` is sent to the simulator as it stands while the switch is on. */
export const SLACK_SWITCHES = [
  {
    title: 'Answers of the Web API',
    items: [
      {
        name: 'Rate limiting',
        help: 'Every chat.postMessage gets 429 with Retry-After: 5.',
        fault: { kind: 'rate_limited', method: 'chat.postMessage', retryAfter: 5 },
      },
      {
        name: 'Rate limiting of updates',
        help: 'Every chat.update gets 429 with Retry-After: 2.',
        fault: { kind: 'rate_limited', method: 'chat.update', retryAfter: 2 },
      },
      {
        name: 'Posted, but the answer is lost',
        help: 'The next three messages appear, then the connection drops: post it again and it is there twice.',
        fault: { kind: 'drop_after_done', method: 'chat.postMessage', times: 3 },
      },
      {
        name: 'Posted, but no answer ever',
        help: 'The next three messages appear, and the call hangs until the app gives up.',
        fault: { kind: 'timeout_after_done', method: 'chat.postMessage', times: 3 },
      },
      {
        name: 'Posted or not, nobody knows',
        help: 'Connections drop, one time before and one time after the message was posted.',
        fault: { kind: 'ambiguous', method: 'chat.postMessage' },
      },
      {
        name: 'Connection drops before',
        help: 'No message is posted; it may safely be sent again.',
        fault: { kind: 'drop_before', method: 'chat.postMessage' },
      },
      {
        name: 'Cut answer',
        help: 'The message is posted; the JSON of the answer ends halfway.',
        fault: { kind: 'truncated_json', method: 'chat.postMessage' },
      },
      {
        name: 'Server error',
        help: 'Every call gets HTTP 500 and an HTML page, and does nothing.',
        fault: { kind: 'http_500', method: '*' },
      },
      {
        name: 'internal_error after posting',
        help: 'ok: false with internal_error, though the message is there.',
        fault: { kind: 'error', method: 'chat.postMessage', error: 'internal_error', done: true },
      },
      {
        name: 'Blocks are refused',
        help: 'chat.postMessage answers invalid_blocks.',
        fault: { kind: 'error', method: 'chat.postMessage', error: 'invalid_blocks' },
      },
      {
        name: 'Messages cannot be changed',
        help: 'chat.update answers cant_update_message.',
        fault: { kind: 'error', method: 'chat.update', error: 'cant_update_message' },
      },
      { name: 'Slow', help: 'Every call takes two seconds longer.', fault: { kind: 'slow', method: '*', ms: 2000 } },
    ],
  },
];

export const SLACK_ACTIONS = [
  {
    name: 'Revoke the token',
    help: 'The bot token ends; the app hears tokens_revoked.',
    path: '/revoke',
    danger: true,
  },
  {
    name: 'Uninstall the app',
    help: 'An admin removes the app: tokens end, the bot leaves every channel.',
    path: '/uninstall',
    danger: true,
  },
  { name: 'Expire tokens', help: 'As after 12 hours, where token rotation is on.', path: '/expire' },
  {
    name: 'Send the last click again',
    help: 'The same click, form or command arrives once more, signed anew.',
    path: '/redeliver',
  },
];
