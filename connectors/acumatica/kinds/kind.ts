import type { ActionName, DocumentKind, DocumentLine, ErpDocument, Phase } from '../../../app/domain/document.ts';

/** Where a document stands with one Status label, and what is possible there. */
export type State = readonly [phase: Phase, ...actions: ActionName[]];

type Named = 'currency' | 'amount' | 'vendor' | 'customer' | 'owner';
/** Fields of a document that are one field of the record. */
export type Plain = Extract<
  keyof ErpDocument,
  | 'vendorReference'
  | 'date'
  | 'dueDate'
  | 'promisedOn'
  | 'description'
  | 'terms'
  | 'branch'
  | 'cashAccount'
  | 'method'
  | 'paymentReference'
  | 'ledger'
  | 'period'
>;

/** Rows of a detail; where several fields are named, the first that is not empty counts. */
export interface LineRows {
  detail: string;
  fields: Partial<Record<keyof DocumentLine, readonly string[]>>;
}

export interface ApplicationRows {
  detail: string;
  type: string;
  reference: string;
  amount: string;
  /** Of the documents applied to. */
  kind: DocumentKind | null;
}

/** How one kind of document is read and acted on: all that tells it from the other kinds of this ERP. */
export interface Kind {
  kind: DocumentKind;
  /** Default cadence of its feed. */
  cadence: string;
  /** The entity of the endpoint and the form that its rights belong to. */
  entity: string;
  screen: string;
  /** Names of the two key fields. */
  key: { type: string; reference: string };
  fields: Partial<Record<Plain | Named, string>>;
  /**
   * Fields of the form that the contract leaves out, by their full names (`View.Field`): read with `$custom` where the
   * site's `$adHocSchema` lists them.
   */
  outside?: { discountDate: string; discountAmount: string };
  /** Types that take from what is owed. */
  credits?: readonly string[];
  /** Approving and releasing are two acts (see `Feed.releasedApart`). */
  releasedApart?: true;
  lines?: LineRows;
  applications?: readonly ApplicationRows[];
  /** The lines carry debits and credits, and the amount is their sum. */
  totalled?: true;
  /** The labels of the first key. They can change with release and language, as those of states. */
  types: readonly string[];
  /** By label, in the order of a document's life; an unknown one is `other` and offers nothing. */
  statuses: ReadonlyMap<string, State>;
  /** What screens and endpoints call each action; releases differ, so the site is asked. */
  actions: Partial<Record<ActionName, readonly string[]>>;
  /** Declared by the endpoint itself, so `$adHocSchema` need not list them. */
  declared: readonly ActionName[];
  /** Screen addresses take internal names and codes where the API speaks labels; codes null: the label is the code. */
  link: { type: string; reference: string; codes: Readonly<Record<string, string>> | null };
}

/** Names of the approval workflow's actions, as screens and endpoints of different releases have them. */
export function workflowActions(entity: string): Record<'approve' | 'reject' | 'hold' | 'unhold', readonly string[]> {
  return {
    approve: ['Approve', `Approve${entity}`],
    reject: ['Reject', `Reject${entity}`],
    hold: ['PutOnHold', `Put${entity}OnHold`, `PutOnHold${entity}`, 'Hold'],
    unhold: ['ReleaseFromHold', 'RemoveHold', 'RemoveFromHold', `Release${entity}FromHold`, `Remove${entity}FromHold`],
  };
}
