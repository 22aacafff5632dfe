import { z } from 'zod';

/** The kinds of ERP record that Countersign knows. A connector says which of them it reads. */
export const documentKinds = ['bill'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** What a person can decide about a document; a connector maps each to what its ERP calls it. */
export const actionNames = ['approve', 'reject', 'release', 'hold'] as const;
export type ActionName = (typeof actionNames)[number];

/** Where a document stands, in words that every ERP shares; the ERP's own label is `status`. */
export const phases = ['held', 'waiting', 'rejected', 'ready', 'posted', 'closed', 'voided', 'other'] as const;
export type Phase = (typeof phases)[number];

const calendarDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);

export const moneySchema = z.object({ value: decimal, currency: z.string().nullable() });
/** An exact amount: `value` is a decimal string, never a float. */
export type Money = z.infer<typeof moneySchema>;

/** A person as a document names them: by the ERP's key, and in words where it gives them. */
const erpNameSchema = z.object({ code: z.string(), name: z.string().nullable() });
export type ErpName = z.infer<typeof erpNameSchema>;

export const documentLineSchema = z.object({
  description: z.string().nullable(),
  quantity: decimal.nullable(),
  amount: decimal.nullable(),
  account: z.string().nullable(),
});
export type DocumentLine = z.infer<typeof documentLineSchema>;

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
  vendor: z.object({ code: z.string(), name: z.string().nullable() }).nullable(),
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
  modifiedAt: z.iso.datetime().nullable(),
  /** What is possible in the ERP now, by the state the document is in and what the site offers. */
  actions: z.array(z.enum(actionNames)),
  /** Where a person opens the record in the ERP. */
  link: z.url(),
});
export type ErpDocument = z.infer<typeof documentSchema>;
