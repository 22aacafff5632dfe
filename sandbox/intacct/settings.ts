import { z } from 'zod';

const count = z.int().min(0);
const objects = z.array(z.string());
const rate = z.number().min(0);

/** Every switch of the simulated company, with the value it starts with. Where real ones differ, one reading is the default. */
export const settingsSchema = z.strictObject({
  /** Company-side authorisation of the sender; without it every sign-in fails. */
  senderAuthorised: z.boolean().default(true),
  /** Sign-in settings: 10 minutes to 24 hours of inactivity. */
  sessionMinutes: z.number().min(10).max(1440).default(120),
  /** Older captures show no `sessiontimeout`. */
  sessionTimeoutShown: z.boolean().default(true),
  /** What `getAPISession` hands back: an address of its own, the one that was called, or any text. */
  endpoint: z.union([z.enum(['own path', 'same']), z.url()]).default('own path'),
  /** Whether a session's calls must go to the endpoint that was handed back with it. */
  endpointEnforced: z.boolean().default(true),
  locationIdShown: z.boolean().default(true),
  maxRequestBytes: z.int().min(1).default(5_000_000),
  /** Functions at once, beyond which the gateway says 429 (tier of 100,000 transactions: 6). */
  concurrentRequests: z.int().min(1).nullable().default(6),
  /** Descriptions end with the number to give to support. */
  supportId: z.boolean().default(true),
  /** What the function that spoils a transaction says itself; captures show both. */
  culpritStatus: z.enum(['failure', 'aborted']).default('failure'),

  userFormat: z
    .strictObject({
      locale: z.string(),
      dateformat: z.string().regex(/^[^a-zA-Z0-9][mdyY]{3}$/),
      gmtoffset: z.string().regex(/^[+-]\d\d:\d\d$/),
      clock: z.enum(['12', '24']),
    })
    .default({ locale: 'en_US', dateformat: '/mdY', gmtoffset: '+00:00', clock: '24' }),
  /** Clients disagree whether stamps follow the user's offset or UTC. */
  stampsIn: z.enum(['user offset', 'UTC']).default('user offset'),
  amounts: z.enum(['trimmed', 'two decimals']).default('trimmed'),
  /** Row elements of readByQuery. */
  legacyRows: z.enum(['lower', 'upper']).default('lower'),
  /** Documented at most 1000 for readByQuery, though 2000 was seen accepted. */
  legacyPageSizeMost: z.literal([1000, 2000]).default(1000),
  /** Rows of a read without `orderby`. */
  unordered: z.enum(['insertion', 'shuffled']).default('insertion'),
  /** Keys that readByQuery forgets at the end of each page, as has been seen; 0 for none. */
  rowsLostPerPage: count.default(0),
  /** Where records are opened; the real ones are at https://www.intacct.com/ia/acct/ur.phtml. Null: at this machine. */
  recordUrlBase: z.url().nullable().default(null),
  recordUrl: z.enum(['given', 'empty']).default('given'),

  /** What rows written from now on carry as WHENMODIFIED. */
  whenModified: z.enum(['now', 'null', '1970']).default('now'),
  /** New rows are seen only so many minutes after they were stamped. */
  visibleAfterMinutes: z.number().min(0).default(0),
  /** Objects that the API user's role may not read (PL04000005); `lookup` works all the same. */
  noPermission: objects.default([]),
  auditHistoryAllowed: z.boolean().default(true),

  /** User ids that may approve payments, one list per level. Applies to what is approved from now on. */
  paymentApprovers: z
    .array(z.array(z.string()).min(1))
    .min(1)
    .default([['amara.okafor', 'jonas.weber']]),
  /** An approver's refusal has no published code; its label differs from source to source. */
  declinedPayment: z.enum(['Unapproved', 'Declined']).default('Unapproved'),
  selfApproval: z.boolean().default(false),
  vendorPaymentServices: z.boolean().default(true),
  /** `approve` and `decline` of APBILL are in the schema and on no documentation page. */
  billApprovals: z.boolean().default(false),
  billApprovers: z.array(z.string()).default(['amara.okafor', 'jonas.weber']),
  /** Whether journal entries of web services enter the approval queue. */
  journalApprovals: z.boolean().default(false),

  /** Webhooks: tries after the first wait so long; the real ones are 10, 30 and 90 s. */
  webhookRetryMs: z.array(count).max(3).default([10_000, 30_000, 90_000]),
  webhookTwice: z.boolean().default(false),
  /** The vendor's page names both headers. */
  webhookKeyHeader: z.enum(['X-IdempotencyKey', 'Idempotency-Key']).default('X-IdempotencyKey'),
  /** The header holds the token, or context in base64 with the token in it: the vendor's page says both. */
  webhookSignature: z.enum(['token', 'envelope']).default('token'),
  /** Of `iat` and `exp` in the token. */
  webhookStamps: z.enum(['milliseconds', 'seconds']).default('milliseconds'),

  /** The last day (ISO) of the periods that are closed: nothing is posted on or before it. Null: nothing is closed. */
  booksClosedThrough: z.iso.date().nullable().default(null),
  /** With the clock running, a month closes so many days after its end. */
  closeAfterDays: count.default(5),

  entriesPerMinute: rate.default(4),
  changesPerMinute: rate.default(2),
  /** Multiplies both paces. */
  clockRate: z.number().positive().default(1),
  clockPaused: z.boolean().default(false),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingsChange = { [Key in keyof Settings]?: Settings[Key] | undefined };

/** Checks a partial change without filling in what it leaves out. Throws ZodError. */
export function parseSettingsChange(change: unknown): SettingsChange {
  const given = z.record(z.string(), z.unknown()).parse(change);
  const known = settingsSchema.parse(given);
  return Object.fromEntries(Object.entries(known).filter(([name]) => name in given));
}
