import type { Bill, BillStatus } from './bill.ts';
import type { Bills } from './bills.ts';
import { actionDisabled, exception } from './erp-error.ts';
import type { Settings } from './settings.ts';
import type { User } from './users.ts';

export const workflowActions = ['approve', 'reject', 'hold', 'releaseFromHold', 'release', 'reverse'] as const;
export type WorkflowAction = (typeof workflowActions)[number];

const buttons: Record<WorkflowAction, string> = {
  approve: 'Approve',
  reject: 'Reject',
  hold: 'Hold',
  releaseFromHold: 'Remove Hold',
  release: 'Release',
  reverse: 'Reverse',
};

/** Who acts: a signed-in user, or somebody at a screen of the ERP, who is taken for the assignee. */
export type Actor = Pick<User, 'username' | 'role'> | 'assignee';

/** The state machine of a bill: approval map, hold, release, reversal. Refusals are thrown as ErpError. */
export class Workflow {
  readonly #bills: Bills;
  readonly #settings: Settings;
  readonly #now: () => number;

  constructor(bills: Bills, settings: Settings, now: () => number) {
    this.#bills = bills;
    this.#settings = settings;
    this.#now = now;
  }

  /** Throws where the action is not available in the bill's state. */
  check(bill: Bill, action: WorkflowAction): void {
    const from: Record<WorkflowAction, readonly BillStatus[]> = {
      approve: ['Pending Approval'],
      reject: ['Pending Approval'],
      hold: this.#settings.holdFrom,
      releaseFromHold: ['On Hold'],
      release: ['Balanced', 'Under Reclassification'],
      reverse: ['Open', 'Closed'],
    };
    if (!from[action].includes(bill.status)) throw actionDisabled(buttons[action]);
  }

  /** Carries the action out. A required reason that is missing ends, by setting, with nothing done. */
  act(bill: Bill, action: WorkflowAction, actor: Actor, reason: string | null): void {
    this.check(bill, action);
    const by = actor === 'assignee' ? (this.#assignee(bill) ?? 'clerk') : actor.username;
    if (action === 'approve' || action === 'reject') this.#decide(bill, action, actor, by, reason);
    else if (action === 'hold') this.#move(bill, 'On Hold', by, []);
    else if (action === 'releaseFromHold') this.startApproval(bill, by);
    else if (action === 'release') this.#move(bill, 'Open', by);
    else this.#reverse(bill, by);
  }

  /** Where a bill goes that is no longer on hold: into its approval map, or past it where there is none. */
  startApproval(bill: Bill, by: string): void {
    bill.steps = this.#settings.approvalMap;
    this.#move(bill, bill.steps.length > 0 ? 'Pending Approval' : 'Balanced', by, []);
  }

  #assignee(bill: Bill): string | undefined {
    return bill.steps[bill.decisions.length];
  }

  #mayDecide(bill: Bill, actor: Actor): boolean {
    if (actor === 'assignee' || actor.username === this.#assignee(bill)) return true;
    if (actor.role !== 'service') return false;
    const allowed = this.#settings.serviceAccountApproves;
    return allowed === 'always' || (allowed === 'one-step maps' && bill.steps.length <= 1);
  }

  #decide(bill: Bill, action: 'approve' | 'reject', actor: Actor, by: string, reason: string | null): void {
    if (!this.#mayDecide(bill, actor)) {
      const text = 'Error: You are not an authorized approver for this document.';
      throw exception(text, 'PX.Data.PXException', this.#settings.nonApproverStatus);
    }
    if (this.#settings.reason === 'required' && !reason && actor !== 'assignee') {
      if (this.#settings.missingReason === 'nothing done') return;
      throw exception("Error: 'Reason' cannot be empty.", 'PX.Data.PXSetPropertyException');
    }
    if (reason && this.#settings.reason !== 'not prompted') bill.extras = { ...bill.extras, reason };
    const decided = action === 'approve' ? 'approved' : 'rejected';
    bill.decisions = [...bill.decisions, { by, action: decided, at: this.#now() }];
    if (action === 'reject') this.#move(bill, 'Rejected', by);
    else if (bill.decisions.length >= bill.steps.length) this.#move(bill, 'Balanced', by);
    else this.#bills.changed(bill, by, this.#settings.middleStepMovesModified);
  }

  #move(bill: Bill, status: BillStatus, by: string, decisions = bill.decisions): void {
    bill.status = status;
    bill.decisions = decisions;
    this.#bills.changed(bill, by);
  }

  #reverse(bill: Bill, by: string): void {
    const { ref: _, modifiedAt: __, ...copy } = bill;
    this.#bills.add({
      ...copy,
      type: bill.type === 'Bill' ? 'Debit Adj.' : 'Credit Adj.',
      status: 'On Hold',
      decisions: [],
      createdBy: by,
      modifiedBy: by,
    });
    this.#bills.changed(bill, by);
  }
}
