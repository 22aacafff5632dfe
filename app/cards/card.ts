import type { ActionName, ErpDocument, Phase, Severity } from '../domain/document.ts';
import type { GuardFacts } from '../domain/guards/guards.ts';
import type { Route } from '../domain/routing.ts';

/** Words for people, with people and instants left for the surface to write its own way. */
export type Text = Array<string | { person: string } | { instant: string }>;

export interface CardButton {
  action: ActionName | 'expand';
  label: string;
  /** What it is about, for those who hear the label alone: many buttons are called the same. */
  about: string;
  style?: 'primary' | 'danger';
  /** Asked before an act that cannot be taken back. */
  confirm?: { title: string; text: string; yes: string };
  asksReason?: boolean;
}

export interface CardTable {
  header: string[];
  rows: string[][];
  /** Columns of numbers, by their place from 0. */
  numbers: number[];
  /** What was left out, in words. */
  more: string | null;
}

/** What a card says, in the order in which it says it; the same for every ERP and every surface. */
export interface CardContent {
  /** Enough on a lock screen. */
  headline: string;
  /** The same in words, for screen readers and notifications. */
  spoken: string;
  /** `severity` is an exception's, while it lasts. */
  status: { label: string; phase: Phase; severity?: Severity } | null;
  ask: Text | null;
  outcome: Text | null;
  warnings: string[];
  description: string | null;
  /** Figures that read better side by side; the first row says what the columns are. */
  table?: CardTable;
  /** What the lines are, where the description does not say it. */
  linesTitle?: string;
  lines: Array<{ text: string; amount: string | null; url?: string | null }>;
  moreLines: number;
  /** What the route shows of the fields that the ERP's customers added. */
  fields?: Array<{ label: string; value: string }>;
  smallPrint: string[];
  buttons: CardButton[];
  link: { label: string; about: string; url: string } | null;
  /** Names the card and what it showed, so that a click says what the person saw. */
  ticket: string;
}

export interface CardSubject {
  key: string;
  document: ErpDocument;
  substance: string;
  version: number;
  gone: boolean;
  route: Pick<Route, 'deciders' | 'actions' | 'mentions'> & Partial<Pick<Route, 'customFields' | 'severity'>>;
  erp: string;
  company: string;
  /** Who in Slack the approvers are, by their code in the ERP, as far as that is known. */
  approvers?: ReadonlyMap<string, string>;
  /** How amounts and dates are written: one way where many read, the person's own where one does. */
  locale: string;
  /** The newest decision on the document, if any. */
  decision: DecisionShown | null;
  /** What stands around the document, to warn of; absent where it is not known. */
  facts?: GuardFacts | null;
}

export interface DecisionShown {
  action: ActionName;
  state: 'stored' | 'acting' | 'done' | 'refused' | 'dead';
  person: string;
  reason: string | null;
  message: string | null;
  at: string;
  /** False while more approvals are needed. */
  complete: boolean;
  /** The person's own ERP user, where not the connection's acted. */
  actedAs?: string | null;
}
