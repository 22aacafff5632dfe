import type { ActionName, DocumentKind, DocumentLine, Phase } from '../../../app/domain/document.ts';

/** Where a document stands with one label of STATE, and what is possible there. */
export type State = readonly [phase: Phase, ...actions: ActionName[]];

/** Fields of a document that are read from a field of the row; of several, the first that is not empty. */
export type Plain =
  | 'reference'
  | 'vendorReference'
  | 'description'
  | 'terms'
  | 'branch'
  | 'cashAccount'
  | 'method'
  | 'paymentReference'
  | 'ledger';
export type Dated = 'date' | 'dueDate';
type Other = 'amount' | 'currency' | 'vendorCode' | 'vendorName' | 'createdBy' | 'type';

/** Rows that belong to a document, by the number of the document in one of their fields. */
export interface Owned {
  object: string;
  parent: string;
}

/** How one kind of document is read: all that tells it from the other kinds of this ERP. */
export interface Kind {
  kind: DocumentKind;
  /** Default cadence of its feed; Intacct bills each reading. */
  cadence: string;
  /** The object of the API, which a role's permission names. */
  object: string;
  fields: Partial<Record<Plain | Dated | Other, readonly string[]>>;
  /** Where a row has no stamp of its last change, that of its making counts. */
  created: string;
  /** What one is called, unless a field says so. */
  type: string;
  /** Makes a type out of what the field says. */
  typeOf?: (text: string) => string;
  types: readonly string[];
  /** By label, in the order of a document's life; an unknown one is `other` and offers nothing. */
  statuses: ReadonlyMap<string, State>;
  lines?: Owned & { fields: Partial<Record<keyof DocumentLine, readonly string[]>> };
}

/** Every field that rows of the object are asked for, as far as the company has it. */
export function fieldsOf({ fields, created }: Kind): string[] {
  return [...new Set(['RECORDNO', 'STATE', 'WHENMODIFIED', 'RECORD_URL', created, ...Object.values(fields).flat()])];
}

export function lineFieldsOf({ parent, fields }: NonNullable<Kind['lines']>): string[] {
  return [...new Set(['RECORDNO', parent, ...Object.values(fields).flat()])];
}
