import { z } from 'zod';
import { customFieldSchema } from './custom.ts';

/** The kinds of ERP record that Countersign knows. A connector says which of them it reads. */
export const documentKinds = [
  'bill',
  'purchase_order',
  'payment',
  'customer_payment',
  'journal',
  'exception',
  'summary',
] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** What a person can decide about a document; a connector maps each to what its ERP calls it. */
export const actionNames = ['approve', 'reject', 'release', 'hold', 'unhold'] as const;
export type ActionName = (typeof actionNames)[number];

/** Where a document stands, in words that every ERP shares; the ERP's own label is `status`. */
export const phases = ['held', 'waiting', 'rejected', 'ready', 'posted', 'closed', 'voided', 'other'] as const;
export type Phase = (typeof phases)[number];

/** How much an exception matters, the least first. */
export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

const calendarDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);

export const moneySchema = z.object({ value: decimal, currency: z.string().nullable() });
/** An exact amount: `value` is a decimal string, never a float. */
export type Money = z.infer<typeof moneySchema>;

/** A person or a company as a document names them: by the ERP's key, and in words where it gives them. */
const erpNameSchema = z.object({ code: z.string(), name: z.string().nullable() });
export type ErpName = z.infer<typeof erpNameSchema>;

export const documentLineSchema = z.object({
  description: z.string().nullable(),
  quantity: decimal.nullable(),
  amount: decimal.nullable(),
  account: z.string().nullable(),
  /** Of a journal: `amount` is null, one of debit and credit is not zero. */
  subaccount: z.string().optional(),
  debit: decimal.optional(),
  credit: decimal.optional(),
  /** Of a bill: the purchase order that the line was ordered with. */
  order: z.string().optional(),
  /** Where it is not the document's. */
  currency: z.string().nullable().optional(),
});
export type DocumentLine = z.infer<typeof documentLineSchema>;

/**
 * What an exception is beside a document: `type` says in words what is wrong, `reference` is the record's, `modifiedAt` when it
 * was read to be so. It is `waiting` while it lasts and `closed` once it is over; in any other phase it only informs.
 */
export const exceptionSchema = z.object({
  /** As the connector sees it; a route may show it otherwise. */
  severity: z.enum(severities),
  /** The record that it is about; `kind` is null where records of its sort are no documents. */
  concerns: z.object({ kind: z.enum(documentKinds).nullable(), key: z.string(), name: z.string() }),
  /** What `amount` is, where it is not the record's own: "difference". */
  amountIs: z.string().optional(),
  /** Once it is over: what became of it, in a clause: "the journal balances now". */
  outcome: z.string().nullable(),
});
export type ExceptionPart = z.infer<typeof exceptionSchema>;

/** What a payment pays, and how much of it. */
export const applicationSchema = z.object({
  /** The paid document's kind and natural key, where documents of that kind are read. */
  kind: z.enum(documentKinds).nullable(),
  key: z.string(),
  type: z.string(),
  reference: z.string(),
  amount: decimal.nullable(),
});
export type Application = z.infer<typeof applicationSchema>;

/** One approver's turn at a document that an approval map has stopped; steps are counted from 1 as far as the ERP tells. */
export const approvalSchema = z.object({
  step: z.int().min(1),
  /** Null where a group of people is asked. */
  approver: erpNameSchema.nullable(),
  workgroup: z.string().nullable(),
  status: z.enum(['pending', 'approved', 'rejected']),
  decidedBy: erpNameSchema.nullable(),
  /** An ISO instant in UTC. */
  decidedAt: z.iso.datetime().nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;
/** A journal of one module in a summary; totals are the debits, one sum a currency. */
const summaryGroupSchema = z.object({
  journal: z.string(),
  /** The module in words, "Payables". */
  module: z.string(),
  entries: z.int(),
  totals: z.array(moneySchema),
});
export type SummaryGroup = z.infer<typeof summaryGroupSchema>;

const summaryEntrySchema = z.object({
  key: z.string(),
  reference: z.string(),
  description: z.string().nullable(),
  journal: z.string(),
  date: calendarDate.nullable(),
  totals: z.array(moneySchema),
  link: z.url().nullable(),
});
/** One of the largest entries of a summary. */
export type SummaryEntry = z.infer<typeof summaryEntrySchema>;

/** What was posted in a reporting period, as it was at one moment. */
export const summarySchema = z.object({
  period: z.object({ name: z.string(), start: calendarDate, end: calendarDate }),
  /** Whether the period is over and being closed. */
  closing: z.boolean(),
  at: z.iso.datetime(),
  timeZone: z.string(),
  entries: z.int(),
  totals: z.array(moneySchema),
  /** Those with most entries first; `moreGroups` were left out. */
  groups: z.array(summaryGroupSchema),
  moreGroups: z.int(),
  largest: z.array(summaryEntrySchema),
  /** What is different from the summary of the period before this one; null for its first. Differences have their sign. */
  since: z
    .object({
      at: z.iso.datetime(),
      entries: z.int(),
      totals: z.array(moneySchema),
      newJournals: z.array(z.object({ journal: z.string(), module: z.string() })),
      /** Journals with fewer entries than before: some were withdrawn, reversed or moved to another period. */
      fewer: z.array(z.object({ journal: z.string(), module: z.string(), entries: z.int() })),
      /** Of the largest entries then, those that are surely posted there no more, or not with that amount. */
      withdrawn: z.array(summaryEntrySchema),
    })
    .nullable(),
});
export type Summary = z.infer<typeof summarySchema>;

/**
 * One ERP record as we last saw it, in plain data. Dates are calendar dates (`YYYY-MM-DD`, no time zone),
 * `modifiedAt` is an ISO instant in UTC, amounts are decimal strings.
 */
export const documentSchema = z.object({
  kind: z.enum(documentKinds),
  /** Natural key: unique within (connection, kind) and stable over the record's life. */
  key: z.string().min(1),
  /** The ERP's internal id, where it has one. */
  erpId: z.string().nullable(),
  /** The ERP's own word for the sort of record, e.g. "Bill" or "Debit Adj.". */
  type: z.string(),
  reference: z.string(),
  status: z.string(),
  phase: z.enum(phases),
  vendor: erpNameSchema.nullable(),
  vendorReference: z.string().nullable(),
  amount: moneySchema.nullable(),
  date: calendarDate.nullable(),
  dueDate: calendarDate.nullable(),
  description: z.string().nullable(),
  terms: z.string().nullable(),
  branch: z.string().nullable(),
  /** Who looks after the record and who entered it, where the ERP says so; no part of what an approval is bound to. */
  owner: erpNameSchema.nullable().optional(),
  createdBy: erpNameSchema.nullable().optional(),
  /** Every line, for the substance of an approval; a card shows only the first few. */
  lines: z.array(documentLineSchema),
  /** Of a payment by a customer. */
  customer: erpNameSchema.nullable().optional(),
  /** Of a purchase order: when the vendor promised it. */
  promisedOn: calendarDate.nullable().optional(),
  /** Of payments: from or to which account, how, and what they are for. */
  cashAccount: z.string().nullable().optional(),
  method: z.string().nullable().optional(),
  paymentReference: z.string().nullable().optional(),
  applications: z.array(applicationSchema).optional(),
  /** Of a bill: what is taken off where it is paid by that day. */
  discountDate: calendarDate.nullable().optional(),
  discountAmount: moneySchema.nullable().optional(),
  /** Of a bill that takes from what is owed: a debit adjustment. */
  credit: z.literal(true).optional(),
  /** Of a journal: in which books, and the sums of its lines; `amount` is the larger of them. */
  ledger: z.string().nullable().optional(),
  period: z.string().nullable().optional(),
  totals: z.object({ debit: decimal, credit: decimal }).optional(),
  exception: exceptionSchema.optional(),
  /** Fields that the ERP's customers added, as far as routes ask for them; no part of the substance: see `seenOf`. */
  custom: z.array(customFieldSchema).optional(),
  /** Of a document that waits for approval, where the ERP lets us read whose turn it is; no part of the substance. */
  approvals: z.array(approvalSchema).optional(),
  /** The ERP keeps it in its archive: it can be looked at, and nothing can be decided. */
  archived: z.literal(true).optional(),
  /** Of a posting summary. */
  summary: summarySchema.optional(),
  modifiedAt: z.iso.datetime().nullable(),
  /** What is possible in the ERP now, by the state the document is in and what the site offers. */
  actions: z.array(z.enum(actionNames)),
  /** Where a person opens the record in the ERP; null where the ERP gives no address. */
  link: z.url().nullable(),
});
export type ErpDocument = z.infer<typeof documentSchema>;
