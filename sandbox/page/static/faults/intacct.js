const said = (level, errorno, description2, match = '') => ({ kind: 'error', level, errorno, description2, match });

/** What Sage Intacct can do wrong: `fault` is sent to the simulator, `settings` are changed, and put back to `off`. */
export const INTACCT_SWITCHES = [
  {
    title: 'The gateway',
    items: [
      { name: 'Too many requests (429)', help: 'GW-0010, without saying for how long.', fault: { kind: '429' } },
      {
        name: 'Invalid request (400)',
        help: 'GW-0011: a sender that the gateway does not know.',
        fault: { kind: '400' },
      },
      { name: 'Not authorised (401)', help: 'The older front door.', fault: { kind: '401' } },
      { name: 'Server error (500, XML)', help: 'A short answer without a sender.', fault: { kind: '500-xml' } },
      { name: 'Unavailable (503, HTML)', help: 'The page of the network in front.', fault: { kind: '503-html' } },
      {
        name: 'Rate limit inside a 200',
        help: 'A success by its status, a refusal by its body.',
        fault: { kind: 'rate-limit-in-200' },
      },
      { name: 'Never answers', help: 'Requests hang until the client gives up.', fault: { kind: 'hang' } },
      {
        name: 'Done, but the answer is lost',
        help: 'The next decision is carried out and its answer cut off.',
        fault: { kind: 'drop-after', match: 'appaymentrequest', times: 1 },
      },
      { name: 'Cut in the middle', help: 'Answers end before their last tag.', fault: { kind: 'truncated-xml' } },
    ],
  },
  {
    title: 'Errors at their three places',
    items: [
      {
        name: 'Wrong sender',
        help: 'XL03000006 at the control level.',
        fault: said('control', 'XL03000006', 'Incorrect Intacct XML Partner ID or password.'),
      },
      {
        name: 'Invalid session',
        help: 'XL03000006 beside the authentication, every time.',
        fault: said('operation', 'XL03000006', 'Invalid session. Try again.', '<sessionid>'),
      },
      {
        name: 'No permission for bills',
        help: 'PL04000005: the role may not read them.',
        settings: { noPermission: ['APBILL'] },
        off: { noPermission: [] },
      },
      {
        name: 'A refusal of the business',
        help: 'BL01001973 as the result of each decision.',
        fault: said('result', 'BL01001973', 'The payment request cannot be changed now.', 'appaymentrequest'),
      },
    ],
  },
  {
    title: 'What it says',
    items: [
      {
        name: 'No time stamps',
        help: 'New and changed rows carry no WHENMODIFIED.',
        settings: { whenModified: 'null' },
        off: { whenModified: 'now' },
      },
      {
        name: 'Time stamps of 1970',
        help: 'As old journal entries have them.',
        settings: { whenModified: '1970' },
        off: { whenModified: 'now' },
      },
      {
        name: 'Rows come two hours late',
        help: 'Stamped at once, seen later.',
        settings: { visibleAfterMinutes: 120 },
        off: { visibleAfterMinutes: 0 },
      },
      { name: 'No links', help: 'RECORD_URL is empty.', settings: { recordUrl: 'empty' }, off: { recordUrl: 'given' } },
      {
        name: 'No audit history',
        help: 'Deletions cannot be asked for.',
        settings: { auditHistoryAllowed: false },
        off: { auditHistoryAllowed: true },
      },
      {
        name: 'Rows in any order',
        help: 'Where no order is asked for.',
        settings: { unordered: 'shuffled' },
        off: { unordered: 'insertion' },
      },
    ],
  },
];

export const INTACCT_ACTIONS = [
  { name: 'End all sessions', help: 'As after an idle night: the app signs in again.', path: '/sessions/expire' },
  { name: '1,000 journal entries', help: 'Posted at once.', path: '/generate', body: { kind: 'entries', count: 1000 } },
];
