import { type DocumentKind, documentKinds, type ErpDocument, type ErpName } from './document.ts';

interface KindWords {
  one: string;
  many: string;
  /** What a single one is called, from the ERP's own word for its sort. */
  name(type: string): string;
  /** Who stands on the other side, and on which end; null where nobody does. */
  party: { word: 'vendor' | 'customer'; end: 'from' | 'to' } | null;
}

const words: Record<DocumentKind, KindWords> = {
  bill: { one: 'bill', many: 'bills', name: (type) => type, party: { word: 'vendor', end: 'from' } },
  purchase_order: {
    one: 'purchase order',
    many: 'purchase orders',
    name: () => 'Purchase order',
    party: { word: 'vendor', end: 'to' },
  },
  payment: { one: 'payment', many: 'payments', name: (type) => type, party: { word: 'vendor', end: 'to' } },
  customer_payment: {
    one: 'customer payment',
    many: 'customer payments',
    name: (type) => `Customer ${type.toLowerCase()}`,
    party: { word: 'customer', end: 'from' },
  },
  exception: { one: 'exception', many: 'exceptions', name: (type) => type, party: null },
  journal: { one: 'journal', many: 'journals', name: (type) => `Journal ${type}`, party: null },
  summary: { one: 'posting summary', many: 'posting summaries', name: () => 'Posting summary', party: null },
};

/** Documents that no reading brings: the app makes them, on a schedule of their own. */
export function isMadeHere(kind: string): boolean {
  return kind === 'summary';
}

/** How documents of a kind are called in a sentence. */
export function documentWords(kind: DocumentKind): { one: string; many: string } {
  return words[kind];
}

/** "1 bill", "12 bills". */
export function countDocuments(kind: DocumentKind, count: number): string {
  return `${count} ${count === 1 ? words[kind].one : words[kind].many}`;
}

/** The words at the start of a line. */
export function documentsTitle(kind: string): string {
  const many = isKind(kind) ? words[kind].many : kind;
  return `${many.charAt(0).toUpperCase()}${many.slice(1)}`;
}

/** What one document is called, without its reference: "Debit Adj.", "Purchase order", "Journal GL". */
export function sortName({ kind, type }: Pick<ErpDocument, 'kind' | 'type'>): string {
  return words[kind].name(type);
}

/** What one document is called: "Bill 000871", "Purchase order 000123". */
export function documentName(document: Pick<ErpDocument, 'kind' | 'type' | 'reference'>): string {
  return `${sortName(document)} ${document.reference}`;
}

/** Who stands on the other side of a kind: a vendor, a customer, or nobody. */
export function partyWords(kind: DocumentKind): KindWords['party'] {
  return words[kind].party;
}

/** The vendor or the customer of a document. */
export function partyOf({ vendor, customer }: Pick<ErpDocument, 'vendor' | 'customer'>): ErpName | null {
  return vendor ?? customer ?? null;
}

function isKind(kind: string): kind is DocumentKind {
  return (documentKinds as readonly string[]).includes(kind);
}
