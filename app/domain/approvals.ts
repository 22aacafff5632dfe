import type { Approval, ErpDocument } from './document.ts';

/** How far a document is in its approvals, as far as its ERP tells. */
export interface Steps {
  /** Those that are known: an ERP may tell of a step only once it is reached. */
  total: number;
  /** The last one that was given; null while none was. */
  given: Approval | null;
  /** The step that is waited for, and all who can give it. */
  step: number;
  next: Approval[];
}

/** Null where the document waits for no approval, or where its ERP does not tell whose. */
export function stepsOf({ phase, approvals = [] }: Pick<ErpDocument, 'phase' | 'approvals'>): Steps | null {
  const pending = approvals.filter(({ status }) => status === 'pending');
  if (phase !== 'waiting' || pending.length === 0) return null;
  const step = Math.min(...pending.map((approval) => approval.step));
  return {
    total: Math.max(...approvals.map((approval) => approval.step)),
    given: approvals.findLast(({ status, step: of }) => status === 'approved' && of <= step) ?? null,
    step,
    next: pending.filter((approval) => approval.step === step),
  };
}

/** The codes of all people whom the approvals of a document name. */
export function approversOf({ approvals = [] }: Pick<ErpDocument, 'approvals'>): string[] {
  const named = approvals.flatMap(({ approver, decidedBy }) => [approver, decidedBy]);
  return [...new Set(named.flatMap((person) => person?.code ?? []))];
}
