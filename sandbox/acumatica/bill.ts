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
export const billTypes = Object.keys(docTypes) as BillType[];

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
}

export interface StepDecision {
  by: string;
  action: 'approved' | 'rejected';
  at: number;
}

export interface BillFile {
  id: string;
  name: string;
  comment: string | null;
  content: Buffer;
}

/** What few bills have, kept apart so that a hundred thousand bills stay small. */
export interface BillExtras {
  note?: string;
  reason?: string;
  project?: string;
  locationId?: string;
  files?: BillFile[];
  taxTotal?: bigint;
  approvedForPayment?: boolean;
  /** Custom fields as `View.Field`. */
  custom?: Record<string, string>;
}

/** Money is in ten-thousandths, moments and days in ms since the epoch (days at midnight UTC). */
export interface Bill {
  readonly id: string;
  readonly type: BillType;
  readonly ref: string;
  status: BillStatus;
  vendor: string | null;
  vendorRef: string | null;
  description: string | null;
  amount: bigint | null;
  balance: bigint | null;
  currency: string;
  date: number | null;
  dueDate: number | null;
  terms: string | null;
  branch: string;
  /** What the lines are made from while nobody wrote lines: see `linesOf`. */
  lineText: string;
  lineCount: number;
  lines: readonly BillLine[] | null;
  /** One assignee per approval step; decisions so far in the same order. */
  steps: readonly string[];
  decisions: readonly StepDecision[];
  extras: BillExtras | null;
  createdBy: string;
  modifiedBy: string;
  createdAt: number;
  modifiedAt: number;
}
