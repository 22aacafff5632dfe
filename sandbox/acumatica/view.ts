import { displayMoney } from '../money.ts';
import type { DocumentRecord } from './document.ts';

/** A document for people, pages and tests: money as decimal strings, days as `YYYY-MM-DD`, moments as ISO. */
export interface DocumentView {
  id: string;
  type: string;
  ref: string;
  status: string;
  /** The vendor or the customer. */
  party: string | null;
  partyName: string | null;
  description: string | null;
  amount: string | null;
  currency: string;
  date: string | null;
  /** The day that a list of them shows: due or promised. */
  day: string | null;
  branch: string;
  lines: LineView[];
  /** What else the form shows, by the name of the field. */
  facts: [name: string, value: string][];
  steps: { assignee: string; decision: string | null; by: string | null; at: string | null }[];
  reason: string | null;
  note: string | null;
  files: string[];
  createdBy: string;
  modifiedBy: string;
  createdAt: string;
  modifiedAt: string;
  /** Path and query of the screen in the ERP. */
  link: string;
}

export interface LineView {
  description: string | null;
  quantity: string | null;
  account: string | null;
  amount: string;
  /** Of a journal's line. */
  side?: 'debit' | 'credit';
}

/** What the form knows of a document and the document itself does not. */
export interface Shown {
  party: { code: string | null; name: string | null } | null;
  day: number | null;
  lines: LineView[];
  facts: readonly (readonly [name: string, value: string | null])[];
}

/** How addresses of a screen name a document: internal field names and codes. */
export interface ScreenAddress {
  screen: string;
  type: string;
  reference: string;
  /** Null: the label is the code. */
  codes: Readonly<Record<string, string>> | null;
}

export function moneyOrNull(units: bigint | null): string | null {
  return units === null ? null : displayMoney(units);
}

export function dayOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().slice(0, 10);
}

/** The site's own path, and the tenant's login name. */
interface Place {
  path: string;
  tenant: string;
}

function linkOf({ type, ref }: DocumentRecord, { path, tenant }: Place, address: ScreenAddress): string {
  const code = address.codes === null ? type : (address.codes[type] ?? type);
  const query = new URLSearchParams({ CompanyID: tenant, ScreenId: address.screen });
  query.set(address.type, code);
  query.set(address.reference, ref);
  return `${path}/Main?${query}`;
}

/** The document as it is now. */
export function viewDocument(
  document: DocumentRecord,
  shown: Shown,
  place: Place,
  address: ScreenAddress,
): DocumentView {
  const { id, type, ref, status, description, currency, branch, createdBy, modifiedBy, extras } = document;
  return {
    id,
    type,
    ref,
    status,
    party: shown.party?.code ?? null,
    partyName: shown.party?.name ?? null,
    description,
    amount: moneyOrNull(document.amount),
    currency,
    date: dayOrNull(document.date),
    day: dayOrNull(shown.day),
    branch,
    lines: shown.lines,
    facts: shown.facts.flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])),
    steps: document.steps.map((assignee, index) => {
      const decision = document.decisions[index];
      const at = decision ? new Date(decision.at).toISOString() : null;
      return { assignee, decision: decision?.action ?? null, by: decision?.by ?? null, at };
    }),
    reason: extras?.reason ?? null,
    note: extras?.note ?? null,
    files: (extras?.files ?? []).map(({ name }) => name),
    createdBy,
    modifiedBy,
    createdAt: new Date(document.createdAt).toISOString(),
    modifiedAt: new Date(document.modifiedAt).toISOString(),
    link: linkOf(document, place, address),
  };
}
