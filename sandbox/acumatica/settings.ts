import { z } from 'zod';

const count = z.int().min(0);
const limit = z.int().min(1).nullable();
export const customTypes = ['string', 'decimal', 'int', 'boolean', 'datetime'] as const;
const heldFrom = ['Balanced', 'Pending Approval', 'Rejected', 'Pending Printing', 'Pending Email', 'Open'] as const;

/** Every switch of the simulated site, with the value it starts with. Where real systems differ, one reading is the default. */
export const settingsSchema = z.strictObject({
  /** Versions of the Default endpoint that are served and listed. */
  versions: z.array(z.string()).default(['20.200.001', '22.200.001', '23.200.001', '24.200.001', '25.200.001']),
  /** Older builds answer `GET /entity` with a bare array. */
  versionList: z.enum(['object', 'array']).default('object'),
  /** The login name of the tenant; another one renames it, and with it the client ID. */
  tenant: z.string().min(1).default('TREASURY'),
  /** A single-tenant site accepts any tenant name at sign-in. */
  singleTenant: z.boolean().default(false),

  expiresInSeconds: z.int().min(1).default(3600),
  refreshTokens: z.enum(['rotating', 'none']).default('rotating'),
  refreshTokenDays: z.number().positive().default(30),
  /** What a dead refresh token is answered with (400 either way). */
  deadRefreshBody: z.enum(['invalid_grant', 'text']).default('invalid_grant'),
  /** Flows that the connected application allows; a real one has a single one (SM303010). */
  flows: z.array(z.enum(['password', 'code'])).default(['password', 'code']),
  /** Scopes that the connected application allows. */
  scopes: z
    .array(z.string())
    .default(['api', 'api:concurrent_access', 'offline_access', 'openid', 'profile', 'email', 'phone']),
  /** Registered redirect URIs; while empty, any address on this machine is taken. */
  redirectUris: z.array(z.string()).default([]),
  /** How long a session opened by cookie sign-in keeps its seat. */
  sessionMinutes: z.number().positive().default(60),

  /** Licence: open sessions, requests at once, requests per minute; null switches one off. */
  apiUsers: limit.default(5),
  concurrentRequests: limit.default(6),
  requestsPerMinute: limit.default(null),
  minuteMs: z.int().min(1).default(60_000),
  /** More waiting requests than this are declined, and so is one that waits longer. */
  queueLength: count.default(20),
  queueMs: count.default(600_000),
  limitBody: z.enum(['text', 'json']).default('text'),
  /** Of the body in JSON: one client finds its text in answers of any status. */
  limitStatus: z.literal([429, 500]).default(429),
  /** No source shows a Retry-After. */
  retryAfterSeconds: z.int().min(0).nullable().default(null),

  /** What 401 and 403 look like: the real texts were hardly seen. */
  unauthorizedBody: z.enum(['json', 'html', 'empty']).default('json'),
  forbiddenBody: z.enum(['json', 'html', 'empty']).default('json'),
  /** What a wrong password is answered with at cookie sign-in. */
  badLoginStatus: z.literal([500, 401]).default(500),

  missingRecordStatus: z.literal([500, 404]).default(500),
  notFoundBody: z.enum(['json', 'html', 'empty']).default('json'),
  nonApproverStatus: z.literal([500, 403, 422]).default(500),
  /** What an action is answered with whose button is disabled in the document's state. */
  disabledStatus: z.literal([500, 422]).default(500),
  order: z.enum(['key', 'insertion', 'shuffled']).default('key'),
  links: z.boolean().default(true),
  lineIds: z.enum(['stable', 'new each time']).default('stable'),
  /** Fields and expansions that break a list ("Optimization cannot be performed."). */
  optimizationErrorFields: z.array(z.string()).default([]),
  /** Fields of another view: `and` between one of these and any other field finds nothing. */
  otherViewFields: z.array(z.string()).default([]),
  /** Fields outside the contract that this release's forms do not have, by full name: Document.DiscDate. */
  hiddenFields: z.array(z.string()).default([]),
  /** Whether changed payment instructions of a vendor move its LastModifiedDateTime; they are rows of a table of their own. */
  instructionsMoveModified: z.boolean().default(true),
  /** What a customizer added to the forms, by entity and `View.Field`; nothing else can be asked for with `$custom`. */
  customFields: z.record(z.string(), z.record(z.string().regex(/^\w+\.\w+$/), z.enum(customTypes))).default({
    Bill: {
      'Document.UsrProject': 'string',
      'Document.UsrRisk': 'string',
      'Document.UsrScore': 'decimal',
      'Document.AttributeREGION': 'string',
    },
    PurchaseOrder: { 'Document.UsrProject': 'string' },
    Check: { 'Document.UsrBankRun': 'string' },
    JournalTransaction: { 'BatchModule.UsrReviewer': 'string' },
  }),
  /** What `$custom` of a field that is not there is answered with. */
  unknownCustomField: z.enum(['error', 'left out']).default('error'),
  /** Branches that the API users may not see: their rows are silently missing. */
  hiddenBranches: z.array(z.string()).default([]),

  /** Forms to which no API user has rights, like GL301000. */
  closedScreens: z.array(z.string()).default([]),

  actionNames: z
    .strictObject({ approve: z.string(), reject: z.string(), hold: z.string(), releaseFromHold: z.string() })
    .default({ approve: 'Approve', reject: 'Reject', hold: 'PutOnHold', releaseFromHold: 'ReleaseFromHold' }),
  /** How `$adHocSchema` lists the names of actions, where it does. */
  workflowActions: z.enum(['array', 'object', 'absent']).default('array'),
  holdFrom: z.array(z.enum(heldFrom)).default(['Balanced', 'Pending Approval', 'Rejected']),
  /** User names of the assignees, one per step; empty: nothing needs approval. Applies to documents that start approval from now on. */
  approvalMap: z.array(z.string()).default(['amara.okafor']),
  /** The name of a generic inquiry over the approvals (EPApproval) that is exposed by OData; a plain site has none. */
  approvalsInquiry: z.string().nullable().default(null),
  /** Whether a step's row is there once the step before is taken, or all from the start. */
  approvalRows: z.enum(['as reached', 'all']).default('as reached'),
  serviceAccountApproves: z.enum(['one-step maps', 'always', 'never']).default('one-step maps'),
  reason: z.enum(['not prompted', 'optional', 'required']).default('optional'),
  missingReason: z.enum(['nothing done', 'error']).default('nothing done'),
  middleStepMovesModified: z.boolean().default(true),
  /** How long each action runs; 0 or absent answers 204 at once, anything else 202 with a status address. */
  operationMs: z.record(z.string(), count).default({
    ...{ ReleaseBill: 300, ReverseBill: 300, ReleaseCheck: 300, VoidCheck: 300 },
    ...{ ReleasePayment: 300, VoidPayment: 300, ReleaseJournalTransaction: 300 },
  }),
  operationBlocksForm: z.boolean().default(true),
  /** A 204 carries a Location that does not resolve. */
  danglingLocation: z.boolean().default(false),

  /** Push notifications: Deleted and Inserted of one change in one request or in two, and in which order. */
  pushPairs: z.enum(['together', 'apart']).default('together'),
  pushOrder: z.enum(['kept', 'reversed']).default('kept'),
  /** Deliveries come at least once. */
  pushTwice: z.boolean().default(false),
  pushDelayMs: count.default(50),
  pushRetryMs: count.default(10_000),
  /** How long an answer to a notice may take. */
  pushTimeoutMs: z.int().min(1).default(10_000),
  /** A mass change is told in notices of so many rows; null: in one. */
  pushRowsMost: limit.default(500),
  /** A notice beyond so many bytes is not sent, and listed as failed; null: no limit. */
  pushBytesMost: limit.default(null),
  /** What happens now is never told, as after a failure before sending. */
  pushesLost: z.boolean().default(false),
  /** What they say the company is; null: the tenant's login name. */
  pushCompany: z.string().nullable().default(null),

  /** How many contacts the business accounts have. */
  contacts: count.max(100_000).default(12),

  /** How far the site's clock goes before this machine's, in its answers and in the times of its records; negative: behind. */
  clockAheadMinutes: z.number().default(0),

  billsPerMinute: z.number().min(0).default(6),
  /** Purchase orders, journals and payments of customers that arrive a minute, in turn. */
  othersPerMinute: z.number().min(0).default(1),
  changesPerMinute: z.number().min(0).default(1),
  /** Multiplies both paces. */
  clockRate: z.number().positive().default(1),
  clockPaused: z.boolean().default(false),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingsChange = { [Key in keyof Settings]?: Settings[Key] | undefined };

const shape = settingsSchema.shape;

/** Checks a partial change without filling in what it leaves out. Throws ZodError. */
export function parseSettingsChange(change: unknown): SettingsChange {
  const given = z.record(z.string(), z.unknown()).parse(change);
  const known = settingsSchema.parse(given);
  return Object.fromEntries(Object.entries(known).filter(([name]) => name in given && name in shape));
}
