import { z } from 'zod';

const count = z.int().min(0);
const limit = z.int().min(1).nullable();
const heldFrom = ['Balanced', 'Pending Approval', 'Rejected', 'Pending Printing', 'Pending Email', 'Open'] as const;

/** Every switch of the simulated site, with the value it starts with. Where real systems differ, one reading is the default. */
export const settingsSchema = z.strictObject({
  /** Versions of the Default endpoint that are served and listed. */
  versions: z.array(z.string()).default(['20.200.001', '22.200.001', '23.200.001', '24.200.001', '25.200.001']),
  /** Older builds answer `GET /entity` with a bare array. */
  versionList: z.enum(['object', 'array']).default('object'),
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

  missingRecordStatus: z.literal([500, 404]).default(500),
  notFoundBody: z.enum(['json', 'html', 'empty']).default('json'),
  nonApproverStatus: z.literal([500, 403, 422]).default(500),
  order: z.enum(['key', 'insertion', 'shuffled']).default('key'),
  links: z.boolean().default(true),
  lineIds: z.enum(['stable', 'new each time']).default('stable'),
  /** Fields and expansions that break a list ("Optimization cannot be performed."). */
  optimizationErrorFields: z.array(z.string()).default([]),
  /** Fields of another view: `and` between one of these and any other field finds nothing. */
  otherViewFields: z.array(z.string()).default([]),
  /** Branches that the API users may not see: their rows are silently missing. */
  hiddenBranches: z.array(z.string()).default([]),

  /** Forms to which no API user has rights, like GL301000. */
  closedScreens: z.array(z.string()).default([]),

  actionNames: z
    .strictObject({ approve: z.string(), reject: z.string(), hold: z.string(), releaseFromHold: z.string() })
    .default({ approve: 'Approve', reject: 'Reject', hold: 'PutOnHold', releaseFromHold: 'ReleaseFromHold' }),
  holdFrom: z.array(z.enum(heldFrom)).default(['Balanced', 'Pending Approval', 'Rejected']),
  /** User names of the assignees, one per step; empty: nothing needs approval. Applies to documents that start approval from now on. */
  approvalMap: z.array(z.string()).default(['amara.okafor']),
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
