import type { DocumentKind } from './document.ts';

export interface DocumentWords {
  /** As it stands in the middle of a sentence: "bill". */
  singular: string;
  plural: string;
}

const words: Record<DocumentKind, DocumentWords> = {
  bill: { singular: 'bill', plural: 'bills' },
};

/** What people call documents of a kind: the only place that names them. */
export function documentWords(kind: DocumentKind): DocumentWords {
  return words[kind];
}

/** "1 bill", "12 bills". */
export function countDocuments(kind: DocumentKind, count: number): string {
  return `${count} ${count === 1 ? words[kind].singular : words[kind].plural}`;
}

/** The plural as a sentence or a line begins with it: "Bills". */
export function documentsTitle(kind: DocumentKind): string {
  const { plural } = words[kind];
  return plural.charAt(0).toUpperCase() + plural.slice(1);
}
