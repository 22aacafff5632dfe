const reads = { method: 'GET', path: '/entity/' };
const acts = { method: 'POST', path: '/entity/Default' };

/** What Acumatica can do wrong: `fault` is sent to the simulator, `settings` are changed, and put back to `off`. */
export const ACUMATICA_SWITCHES = [
  {
    title: 'Answers of the API',
    items: [
      {
        name: 'Not signed in (401)',
        help: 'Every read says that the session is over.',
        fault: { kind: '401', match: reads },
      },
      {
        name: 'No rights (403)',
        help: 'Reads say that the user may not see bills.',
        fault: { kind: '403', match: reads },
      },
      {
        name: 'Licence limit (429)',
        help: 'Too many requests, answered in plain text without Retry-After.',
        fault: { kind: '429-text', match: reads },
      },
      {
        name: 'Too many sessions (429)',
        help: 'API Login Limit, as when other integrations hold every seat.',
        fault: { kind: '429-login-limit' },
      },
      {
        name: 'Server error (500, JSON)',
        help: 'An exception of the ERP on every read.',
        fault: { kind: '500-json', match: reads },
      },
      {
        name: 'Server error (500, HTML)',
        help: 'The ASP.NET error page on every read.',
        fault: { kind: '500-html', match: reads },
      },
      {
        name: 'Redirect to an error page',
        help: '302 to a page that says 200.',
        fault: { kind: '302-error-page', match: reads },
      },
      {
        name: 'Redirect to another host',
        help: 'Credentials must not follow it.',
        fault: { kind: 'redirect-elsewhere', match: reads },
      },
      {
        name: 'Version is gone (404)',
        help: 'As after an upgrade that dropped the endpoint.',
        fault: { kind: '404-version', match: reads },
      },
      {
        name: 'Cut JSON',
        help: 'Lists end halfway, with a length that fits.',
        fault: { kind: 'truncated-json', match: reads },
      },
      {
        name: 'Connection breaks in the body',
        help: 'Half of the answer, then nothing.',
        fault: { kind: 'cut-body', match: reads },
      },
      { name: 'No answer', help: 'Reads hang until the app gives up.', fault: { kind: 'hang', match: reads } },
      { name: 'Slow', help: 'Every request takes three seconds longer.', fault: { kind: 'slow', ms: 3000 } },
      {
        name: 'An answer without end',
        help: '64 MB of nothing for the next read.',
        fault: { kind: 'oversized', match: reads, times: 1 },
      },
    ],
  },
  {
    title: 'Decisions',
    items: [
      {
        name: 'Done, but the answer is lost',
        help: 'Actions are carried out, then the connection drops.',
        fault: { kind: 'drop-after', match: acts },
      },
      {
        name: 'Done, but no answer ever',
        help: 'Actions are carried out, and the call hangs.',
        fault: { kind: 'hang-after', match: acts },
      },
      {
        name: 'Says done, does nothing',
        help: 'A success code, and the bill stays as it was.',
        fault: { kind: 'nothing-done', match: acts },
      },
      {
        name: 'Slow release',
        help: 'Releasing takes 20 seconds, asked for again and again.',
        settings: { operationMs: { ReleaseBill: 20_000, ReverseBill: 20_000 } },
        off: { operationMs: { ReleaseBill: 300, ReverseBill: 300 } },
      },
      {
        name: 'Not an approver',
        help: 'The service account may not approve anything.',
        settings: { serviceAccountApproves: 'never' },
        off: { serviceAccountApproves: 'one-step maps' },
      },
      {
        name: 'Two approval steps',
        help: 'New bills need Amara Okafor and then Jonas Weber.',
        settings: { approvalMap: ['amara.okafor', 'jonas.weber'] },
        off: { approvalMap: ['amara.okafor'] },
      },
      {
        name: 'An inquiry over the approvals',
        help: 'The generic inquiry “Countersign Approvals” tells whose turn it is; name it to the connection.',
        settings: { approvalsInquiry: 'Countersign Approvals' },
        off: { approvalsInquiry: null },
      },
      {
        name: 'A reason is required',
        help: 'Without one, approving and rejecting silently do nothing.',
        settings: { reason: 'required' },
        off: { reason: 'optional' },
      },
    ],
  },
  {
    title: 'Ways of the site',
    items: [
      {
        name: 'One session only',
        help: 'The licence has a single API seat.',
        settings: { apiUsers: 1 },
        off: { apiUsers: 5 },
      },
      {
        name: 'Bank details leave no stamp',
        help: 'A vendor whose payment instructions change keeps its LastModifiedDateTime.',
        settings: { instructionsMoveModified: false },
        off: { instructionsMoveModified: true },
      },
      {
        name: 'No cash discounts',
        help: 'The form of bills has no discount fields.',
        settings: { hiddenFields: ['Document.DiscDate', 'Document.CuryOrigDiscAmt'] },
        off: { hiddenFields: [] },
      },
      {
        name: '30 requests a minute',
        help: 'More are queued, then declined.',
        settings: { requestsPerMinute: 30 },
        off: { requestsPerMinute: null },
      },
      {
        name: 'Lists in any order',
        help: 'Every page comes shuffled, so paging may skip and repeat.',
        settings: { order: 'shuffled' },
        off: { order: 'key' },
      },
      {
        name: 'Missing records are 404',
        help: 'Newer builds; the usual answer is 500.',
        settings: { missingRecordStatus: 404 },
        off: { missingRecordStatus: 500 },
      },
      {
        name: 'The tenant is renamed',
        help: 'Its login name is TREASURY-UK from now on; sessions that are open stay.',
        settings: { tenant: 'TREASURY-UK' },
        off: { tenant: 'TREASURY' },
      },
      {
        name: 'Custom fields are gone',
        help: 'A customization was unpublished: no form has a custom field any more.',
        settings: { customFields: {} },
        off: {
          customFields: {
            Bill: {
              'Document.UsrProject': 'string',
              'Document.UsrRisk': 'string',
              'Document.UsrScore': 'decimal',
              'Document.AttributeREGION': 'string',
            },
            PurchaseOrder: { 'Document.UsrProject': 'string' },
            Check: { 'Document.UsrBankRun': 'string' },
            JournalTransaction: { 'BatchModule.UsrReviewer': 'string' },
          },
        },
      },
      {
        name: 'Refusals without words',
        help: '401, 403 and 404 come as web pages of the server, not in JSON.',
        settings: { unauthorizedBody: 'html', forbiddenBody: 'html', notFoundBody: 'html' },
        off: { unauthorizedBody: 'json', forbiddenBody: 'json', notFoundBody: 'json' },
      },
      {
        name: 'Limits in another form',
        help: 'The licence limit is a 500 in JSON with Retry-After, not a 429 in plain text.',
        settings: { limitBody: 'json', limitStatus: 500, retryAfterSeconds: 1 },
        off: { limitBody: 'text', limitStatus: 429, retryAfterSeconds: null },
      },
      {
        name: 'No list of actions',
        help: 'The form does not tell what its actions are called.',
        settings: { workflowActions: 'absent' },
        off: { workflowActions: 'array' },
      },
      {
        name: 'Hold only from Balanced',
        help: 'A bill that waits for approval cannot be put on hold.',
        settings: { holdFrom: ['Balanced'] },
        off: { holdFrom: ['Balanced', 'Pending Approval', 'Rejected'] },
      },
      {
        name: 'Middle steps leave no trace',
        help: 'One approval of several does not move the time of change.',
        settings: { middleStepMovesModified: false },
        off: { middleStepMovesModified: true },
      },
      {
        name: 'Pushes are lost',
        help: 'What changes or is deleted from now on is told to nobody.',
        settings: { pushesLost: true },
        off: { pushesLost: false },
      },
      {
        name: 'Clock ten minutes ahead',
        help: 'Answers and times of records are ten minutes early for us.',
        settings: { clockAheadMinutes: 10 },
        off: { clockAheadMinutes: 0 },
      },
      {
        name: 'Clock ten minutes behind',
        help: 'Answers and times of records are ten minutes late for us.',
        settings: { clockAheadMinutes: -10 },
        off: { clockAheadMinutes: 0 },
      },
      {
        name: 'No bills by themselves',
        help: 'Stops the clock: nothing arrives or changes.',
        settings: { clockPaused: true },
        off: { clockPaused: false },
      },
    ],
  },
];

export const ACUMATICA_ACTIONS = [
  { name: 'Expire access tokens', help: 'As after an hour: the app has to refresh.', path: '/tokens/expire' },
  {
    name: 'Revoke all tokens',
    help: 'Somebody took the consent back: a person must connect again.',
    path: '/tokens/revoke',
    danger: true,
  },
  { name: 'Close all sessions', help: 'As when the site restarts.', path: '/sessions/close' },
  {
    name: '1,000 bills at once',
    help: 'A bulk import: 1,000 bills with the same moment of change.',
    path: '/bills/generate',
    body: { count: 1000 },
  },
];
