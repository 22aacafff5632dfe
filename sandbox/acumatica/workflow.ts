import type { DocumentRecord } from './document.ts';
import { actionDisabled, exception } from './erp-error.ts';
import type { Records } from './records.ts';
import type { Settings } from './settings.ts';
import type { User } from './users.ts';

export const workflowActions = ['approve', 'reject', 'hold', 'releaseFromHold', 'release', 'reverse', 'void'] as const;
export type WorkflowAction = (typeof workflowActions)[number];

const buttons: Record<WorkflowAction, string> = {
  approve: 'Approve',
  reject: 'Reject',
  hold: 'Hold',
  releaseFromHold: 'Remove Hold',
  release: 'Release',
  reverse: 'Reverse',
  void: 'Void',
};

/** Who acts: a signed-in user, or somebody at a screen of the ERP, who is taken for the assignee. */
export type Actor = Pick<User, 'username' | 'role'> | 'assignee';

/** How the documents of one form go from state to state. */
export interface Rules<R extends DocumentRecord> {
  /** The form has an approval map. */
  isApproved: boolean;
  /** Where a document goes when nobody has to approve it any more. */
  approved: string;
  /** The states from which each further action leads on; an action that is not here has no button. */
  from: Partial<Record<'release' | 'reverse' | 'void', readonly string[]>>;
  /** Throws where a document may not leave hold as it is. */
  check?(document: R): void;
  /** What those actions do; `move` sets the status, and that it was changed and by whom. */
  carryOut(document: R, action: 'release' | 'reverse' | 'void', by: string, move: (status: string) => void): void;
}

/** The state machine of a form: approval map, hold, and the rest by its rules. Refusals are thrown as ErpError. */
export class Workflow<R extends DocumentRecord> {
  readonly #records: Records<R>;
  readonly #rules: Rules<R>;
  readonly #settings: Settings;
  readonly #now: () => number;

  constructor(records: Records<R>, rules: Rules<R>, settings: Settings, now: () => number) {
    this.#records = records;
    this.#rules = rules;
    this.#settings = settings;
    this.#now = now;
  }

  /** Throws where the action is not available in the document's state. */
  check(document: R, action: WorkflowAction): void {
    const from: Partial<Record<WorkflowAction, readonly string[]>> = {
      approve: ['Pending Approval'],
      reject: ['Pending Approval'],
      hold: this.#settings.holdFrom,
      releaseFromHold: ['On Hold'],
      ...this.#rules.from,
    };
    if (!from[action]?.includes(document.status)) {
      throw actionDisabled(buttons[action], this.#settings.disabledStatus);
    }
  }

  /** Carries the action out. A required reason that is missing ends, by setting, with nothing done. */
  act(document: R, action: WorkflowAction, actor: Actor, reason: string | null): void {
    this.check(document, action);
    const by = actor === 'assignee' ? (this.#assignee(document) ?? 'clerk') : actor.username;
    if (action === 'approve' || action === 'reject') this.#decide(document, action, actor, by, reason);
    else if (action === 'hold') this.#move(document, 'On Hold', by, []);
    else if (action === 'releaseFromHold') this.startApproval(document, by);
    else this.#rules.carryOut(document, action, by, (status) => this.#move(document, status, by));
  }

  /** The assignees of a document that starts its approval now. */
  map(): readonly string[] {
    return this.#rules.isApproved ? this.#settings.approvalMap : [];
  }

  /** Where a document goes that is no longer on hold: into its approval map, or past it where there is none. */
  startApproval(document: R, by: string): void {
    this.#rules.check?.(document);
    document.steps = this.map();
    this.#move(document, document.steps.length > 0 ? 'Pending Approval' : this.#rules.approved, by, []);
  }

  #assignee(document: R): string | undefined {
    return document.steps[document.decisions.length];
  }

  #mayDecide(document: R, actor: Actor): boolean {
    if (actor === 'assignee' || actor.username === this.#assignee(document)) return true;
    if (actor.role !== 'service') return false;
    const allowed = this.#settings.serviceAccountApproves;
    return allowed === 'always' || (allowed === 'one-step maps' && document.steps.length <= 1);
  }

  #decide(document: R, action: 'approve' | 'reject', actor: Actor, by: string, reason: string | null): void {
    if (!this.#mayDecide(document, actor)) {
      const text = 'Error: You are not an authorized approver for this document.';
      throw exception(text, 'PX.Data.PXException', this.#settings.nonApproverStatus);
    }
    if (this.#settings.reason === 'required' && !reason && actor !== 'assignee') {
      if (this.#settings.missingReason === 'nothing done') return;
      throw exception("Error: 'Reason' cannot be empty.", 'PX.Data.PXSetPropertyException');
    }
    if (reason && this.#settings.reason !== 'not prompted') document.extras = { ...document.extras, reason };
    const decided = action === 'approve' ? 'approved' : 'rejected';
    document.decisions = [...document.decisions, { by, action: decided, at: this.#now() }];
    if (action === 'reject') this.#move(document, 'Rejected', by);
    else if (document.decisions.length >= document.steps.length) this.#move(document, this.#rules.approved, by);
    else this.#records.changed(document, by, this.#settings.middleStepMovesModified);
  }

  #move(document: R, status: string, by: string, decisions = document.decisions): void {
    document.status = status as R['status'];
    document.decisions = decisions;
    this.#records.changed(document, by);
  }
}
