import type { DocumentRecord, Extras } from './document.ts';

/** The labels of the Status field. */
export const billStatuses = [
  'On Hold',
  'Pending Approval',
  'Rejected',
  'Balanced',
  'Pre-Released',
  'Scheduled',
  'Voided',
  'Under Reclassification',
  'Open',
  'Closed',
  'Reserved',
] as const;
export type BillStatus = (typeof billStatuses)[number];

/** The labels of the Type field with the internal codes that addresses of screens use. */
export const docTypes = { Bill: 'INV', 'Debit Adj.': 'ADR', 'Credit Adj.': 'ACR', Prepayment: 'PPM' } as const;
export type BillType = keyof typeof docTypes;
export const billTypes = Object.keys(docTypes) as [BillType, ...BillType[]];

/** Money is in ten-thousandths. */
export interface BillLine {
  id: string;
  branch: string;
  description: string | null;
  quantity: bigint;
  unitCost: bigint;
  amount: bigint;
  account: string;
  subaccount: string | null;
  project: string | null;
  /** The number of the purchase order. */
  order?: string;
}

export interface BillExtras extends Extras {
  project?: string;
  locationId?: string;
  taxTotal?: bigint;
  approvedForPayment?: boolean;
  /** The cash discount of the terms, and the day until which it is given. */
  discount?: bigint;
  discountDate?: number;
  /** The number of the purchase order that all lines were ordered with. */
  order?: string;
}

export interface Bill extends DocumentRecord {
  readonly type: BillType;
  status: BillStatus;
  vendor: string | null;
  vendorRef: string | null;
  balance: bigint | null;
  dueDate: number | null;
  terms: string | null;
  /** What the lines are made from while nobody wrote lines: see `linesOf`. */
  lineText: string;
  lineCount: number;
  lines: readonly BillLine[] | null;
  extras: BillExtras | null;
}
