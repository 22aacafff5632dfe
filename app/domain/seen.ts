/**
 * What a person saw of a document when they decided: its substance, and how often the payment data of its vendor had
 * changed by then, where they are read. One text, so that it fits into a button.
 */
export interface Seen {
  substance: string;
  partyVersion: number | null;
}

export function writeSeen({ substance, partyVersion }: Seen): string {
  return partyVersion === null ? substance : `${substance}:${partyVersion}`;
}

/** The substance alone where the rest is missing or is none. */
export function readSeen(seen: string): Seen {
  const [substance = '', version] = seen.split(':');
  return { substance, partyVersion: version !== undefined && /^\d{1,9}$/.test(version) ? Number(version) : null };
}
