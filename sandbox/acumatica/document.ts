export interface StepDecision {
  by: string;
  action: 'approved' | 'rejected';
  at: number;
}

export interface DocumentFile {
  id: string;
  name: string;
  comment: string | null;
  content: Buffer;
}

/** What few documents have, kept apart so that a hundred thousand of them stay small. */
export interface Extras {
  note?: string;
  reason?: string;
  files?: DocumentFile[];
  /** Custom fields as `View.Field`. */
  custom?: Record<string, string>;
  /** Only who asks for archived records sees it, and nothing can be done to it. */
  archived?: boolean;
}

/** What the documents of all forms share. Money is in ten-thousandths, moments and days in ms since the epoch (days at midnight UTC). */
export interface DocumentRecord {
  readonly id: string;
  /** The label of the first key: Type, or a batch's Module. */
  readonly type: string;
  readonly ref: string;
  status: string;
  description: string | null;
  amount: bigint | null;
  currency: string;
  date: number | null;
  branch: string;
  /** One assignee per approval step; decisions so far in the same order. */
  steps: readonly string[];
  decisions: readonly StepDecision[];
  extras: Extras | null;
  createdBy: string;
  modifiedBy: string;
  createdAt: number;
  modifiedAt: number;
}
