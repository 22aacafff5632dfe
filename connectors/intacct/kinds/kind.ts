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

export interface LineRows extends Owned {
  fields: Partial<Record<keyof DocumentLine, readonly string[]>>;
  /** Of a journal: the lines have a side, and amounts in two currencies. */
  sided?: { side: string; currency: string; own: string; base: string; statistical: string };
}

/** What a payment pays. */
export interface ApplicationRows extends Owned {
  /** The number of the bill, or of the credit that stands in for money. */
  bill: string;
  credit: string;
  amount: readonly string[];
  /** Of the object that bills are: what people call one by. */
  of: { object: string; reference: string; type: string; kind: DocumentKind };
}

/** How one kind of document is read and decided about: all that tells it from the other kinds of this ERP. */
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
  lines?: LineRows;
  applications?: ApplicationRows;
  /** The functions that decide, always as a person: the number of the document goes in, and the reason where they take one. */
  actions?: Partial<Record<ActionName, (recordNo: string, reason: string | null) => { name: string; xml: string }>>;
  /** Where deciding needs the administrator's consent. */
  decidable?: 'bill_decisions';
}

/** Labels are told apart by their letters alone: sources differ in how they write them. */
export function stateOf({ statuses }: Kind, label: string): State {
  const wanted = label.toLowerCase();
  for (const [known, state] of statuses) if (known.toLowerCase() === wanted) return state;
  return ['other'];
}

/** Every field that rows of the object are asked for, as far as the company has it. */
export function fieldsOf({ fields, created }: Kind): string[] {
  return [...new Set(['RECORDNO', 'STATE', 'WHENMODIFIED', 'RECORD_URL', created, ...Object.values(fields).flat()])];
}

export function lineFieldsOf({ parent, fields, sided }: LineRows): string[] {
  return [...new Set(['RECORDNO', parent, ...Object.values(fields).flat(), ...Object.values(sided ?? {})])];
}

export function applicationFieldsOf({ parent, bill, credit, amount }: ApplicationRows): string[] {
  return ['RECORDNO', parent, bill, credit, ...amount];
}

/** Every object that reading the kind needs. */
export function objectsOf({ object, lines, applications }: Kind): string[] {
  return [object, lines?.object, applications?.object, applications?.of.object].filter((name) => name !== undefined);
}
