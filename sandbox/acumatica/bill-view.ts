import { z } from 'zod';
import { type Bill, type BillLine, type BillStatus, billStatuses, billTypes } from './bill.ts';
import { lineId } from './bill-lines.ts';
import { commonChanges, day, decimal, newKeys, text } from './changes.ts';
import type { DocumentView } from './view.ts';

const lineSchema = z.object({
  description: text.default(null),
  quantity: decimal.default(10_000n),
  amount: decimal,
  account: z.string().default('60000'),
});

/** What can be said of a bill from outside the API: everything, true to what another program or a person could do. */
export const billChangesSchema = z.strictObject({
  ...commonChanges,
  status: z.enum(billStatuses).optional(),
  /** A vendor code; with `vendorName` the vendor of that name, added if there is none. Null: no vendor. */
  vendor: text.optional(),
  vendorName: z.string().min(1).optional(),
  vendorRef: text.optional(),
  balance: decimal.nullable().optional(),
  dueDate: day.nullable().optional(),
  terms: text.optional(),
  lines: z.array(lineSchema).optional(),
  /** So many made-up lines that sum to the amount. */
  lineCount: z.int().min(0).max(5_000).optional(),
  project: z.string().optional(),
  taxTotal: decimal.optional(),
  /** Taken off where it is paid by that day. */
  discount: decimal.optional(),
  discountDate: day.optional(),
  /** The number of the purchase order that the lines were ordered with. */
  order: z.string().optional(),
});
export const newBillSchema = billChangesSchema.extend(newKeys(billTypes));
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

/** A bill for people, pages and tests. */
export interface BillView extends DocumentView {
  status: BillStatus;
  vendor: string | null;
  vendorName: string | null;
  vendorRef: string | null;
  balance: string | null;
  dueDate: string | null;
  terms: string | null;
}
