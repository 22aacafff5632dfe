import { z } from 'zod';
import { type Bill, type BillLine, type BillStatus, billStatuses, billTypes, docTypes } from './bill.ts';
import { lineId, linesOf } from './bill-lines.ts';
import { displayMoney, parseMoney } from './money.ts';
import type { Parts } from './parts.ts';
import { tenant } from './users.ts';

const decimal = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return parseMoney(value);
  } catch {
    context.addIssue('not a decimal');
    return z.NEVER;
  }
});
const day = z.iso.date().transform((text) => Date.parse(`${text}T00:00:00Z`));
const text = z.string().nullable();

const lineSchema = z.object({
  description: text.default(null),
  quantity: decimal.default(10_000n),
  amount: decimal,
  account: z.string().default('60000'),
});

/** What can be said of a bill from outside the API: everything, true to what another program or a person could do. */
export const billChangesSchema = z.strictObject({
  status: z.enum(billStatuses).optional(),
  /** A vendor code; with `vendorName` the vendor of that name, added if there is none. Null: no vendor. */
  vendor: text.optional(),
  vendorName: z.string().min(1).optional(),
  vendorRef: text.optional(),
  description: text.optional(),
  /** Null is written as an empty field. */
  amount: decimal.nullable().optional(),
  balance: decimal.nullable().optional(),
  currency: z.string().optional(),
  date: day.nullable().optional(),
  dueDate: day.nullable().optional(),
  terms: text.optional(),
  branch: z.string().optional(),
  lines: z.array(lineSchema).optional(),
  /** So many made-up lines that sum to the amount. */
  lineCount: z.int().min(0).max(5_000).optional(),
  note: z.string().optional(),
  project: z.string().optional(),
  taxTotal: decimal.optional(),
  custom: z.record(z.string(), z.string()).optional(),
  /** User names of the assignees, one per step. */
  steps: z.array(z.string()).optional(),
  createdBy: z.string().optional(),
  /** Who makes the change. */
  by: z.string().optional(),
  /** False: the change leaves LastModifiedDateTime alone. */
  touch: z.boolean().optional(),
});
export const newBillSchema = billChangesSchema.extend({
  type: z.enum(billTypes).optional(),
  ref: z.string().min(1).optional(),
  modifiedAt: z.union([z.number(), z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso))]).optional(),
});
export type BillChanges = z.input<typeof billChangesSchema>;
export type BillFields = z.input<typeof newBillSchema>;

/** Lines as given, numbered for their bill. */
export function writtenLines(bill: Bill, lines: readonly z.output<typeof lineSchema>[]): BillLine[] {
  return lines.map((line, index) => ({
    ...line,
    id: lineId(bill.id, index),
    branch: bill.branch,
    unitCost: line.quantity === 0n ? 0n : (line.amount * 10_000n) / line.quantity,
    subaccount: null,
    project: 'X',
  }));
}

/** A bill for people, pages and tests: money as decimal strings, days as `YYYY-MM-DD`, moments as ISO. */
export interface BillView {
  id: string;
  type: string;
  ref: string;
  status: BillStatus;
  vendor: string | null;
  vendorName: string | null;
  vendorRef: string | null;
  description: string | null;
  amount: string | null;
  balance: string | null;
  currency: string;
  date: string | null;
  dueDate: string | null;
  terms: string | null;
  branch: string;
  lines: { description: string | null; quantity: string; amount: string; account: string }[];
  steps: { assignee: string; decision: string | null; by: string | null; at: string | null }[];
  reason: string | null;
  note: string | null;
  files: string[];
  createdBy: string;
  modifiedBy: string;
  createdAt: string;
  modifiedAt: string;
  /** Path and query of the screen in the ERP. */
  link: string;
}

function money(units: bigint | null): string | null {
  return units === null ? null : displayMoney(units);
}

function dayText(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().slice(0, 10);
}

/** The bill as it is now. */
export function viewOf(bill: Bill, { vendors, path }: Pick<Parts, 'vendors' | 'path'>): BillView {
  const { id, type, ref, status, vendor, vendorRef, description, currency, terms, branch, createdBy, modifiedBy } =
    bill;
  return {
    id,
    type,
    ref,
    status,
    vendor,
    vendorName: vendors.get(vendor)?.name ?? null,
    vendorRef,
    description,
    amount: money(bill.amount),
    balance: money(bill.balance),
    currency,
    date: dayText(bill.date),
    dueDate: dayText(bill.dueDate),
    terms,
    branch,
    lines: linesOf(bill).map((line) => ({
      description: line.description,
      quantity: displayMoney(line.quantity),
      amount: displayMoney(line.amount),
      account: line.account,
    })),
    steps: bill.steps.map((assignee, index) => {
      const decision = bill.decisions[index];
      const at = decision ? new Date(decision.at).toISOString() : null;
      return { assignee, decision: decision?.action ?? null, by: decision?.by ?? null, at };
    }),
    reason: bill.extras?.reason ?? null,
    note: bill.extras?.note ?? null,
    files: (bill.extras?.files ?? []).map(({ name }) => name),
    createdBy,
    modifiedBy,
    createdAt: new Date(bill.createdAt).toISOString(),
    modifiedAt: new Date(bill.modifiedAt).toISOString(),
    link: `${path}/Main?CompanyID=${tenant}&ScreenId=AP301000&DocType=${docTypes[type]}&RefNbr=${encodeURIComponent(ref)}`,
  };
}
