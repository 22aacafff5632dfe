import { formatDate } from '../domain/dates.ts';
import type { ActionName, ErpDocument, Phase } from '../domain/document.ts';
import { formatMoney } from '../domain/money.ts';
import { mayDecide } from '../domain/policy.ts';
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

/** What a card says, in the order in which it says it; the same for every ERP and every surface. */
export interface CardContent {
  /** Enough on a lock screen. */
  headline: string;
  /** The same in words, for screen readers and notifications. */
  spoken: string;
  status: { label: string; phase: Phase } | null;
  ask: Text | null;
  outcome: Text | null;
  warnings: string[];
  description: string | null;
  lines: Array<{ text: string; amount: string | null }>;
  moreLines: number;
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
  route: Pick<Route, 'deciders' | 'actions' | 'mentions'>;
  erp: string;
  company: string;
  /** How amounts and dates are written: one way where many read, the person's own where one does. */
  locale: string;
  /** The newest decision on the document, if any. */
  decision: DecisionShown | null;
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

const shownLines = 5;

/** Draws a document's card from plain data. */
export function drawCard(subject: CardSubject): CardContent {
  const { document, route, decision, gone } = subject;
  const deciding = decision?.state === 'stored' || decision?.state === 'acting';
  const possible = gone || deciding ? [] : document.actions.filter((action) => route.actions.includes(action));
  const buttons = route.deciders.length > 0 ? possible.map((action) => button(action, document, subject.erp)) : [];
  const closed = buttons.length === 0 && !deciding && (gone || decision?.state === 'done' || subject.version > 1);
  const lines = closed ? [] : document.lines.slice(0, shownLines);
  return {
    headline: headline(subject),
    spoken: spoken(subject),
    status: gone ? null : { label: document.status, phase: document.phase },
    ask: closed ? null : ask(subject, deciding, buttons.length > 0 ? possible : []),
    outcome: closed ? outcome(subject) : openOutcome(subject),
    warnings: warnings(subject),
    description: closed ? null : document.description,
    lines: lines.map((line) => ({
      text: line.description ?? line.account ?? 'No description',
      amount: line.amount === null ? null : money(line.amount, subject),
    })),
    moreLines: closed ? 0 : document.lines.length - lines.length,
    smallPrint: smallPrint(subject),
    buttons,
    link: gone ? null : { label: `Open in ${subject.erp}`, about: title(document), url: document.link },
    ticket: `${subject.key}.${subject.substance}`,
  };
}

/** What a button's value says: the card, and the substance of what it showed. Undefined for anything else. */
export function readTicket(ticket: string | undefined): { key: string; seen: string } | undefined {
  const match = /^([0-9a-f-]{36})\.([\w-]{1,64})$/.exec(ticket ?? '');
  return match?.[1] && match[2] ? { key: match[1], seen: match[2] } : undefined;
}

function headline({ document, locale }: CardSubject): string {
  const parts = [title(document), vendorName(document)];
  parts.push(document.amount ? formatMoney(document.amount, locale) : 'no amount yet');
  if (document.dueDate) parts.push(`due ${formatDate(document.dueDate, locale)}`);
  return parts.join(' · ');
}

function spoken({ document, erp, locale }: CardSubject): string {
  const amount = document.amount ? ` for ${formatMoney(document.amount, locale)}` : ', amount not known yet';
  const due = document.dueDate ? `, due ${formatDate(document.dueDate, locale)}` : '';
  return `${title(document)} from ${vendorName(document)}${amount}${due}. ${document.status} in ${erp}.`;
}

/** Names are cut here so that the amount after them is always in view; the small print has a long one in full. */
const longestName = 45;

function title({ type, reference }: ErpDocument): string {
  return `${shorten(type, 20)} ${shorten(reference, 30)}`;
}

function vendorName({ vendor }: ErpDocument): string {
  return vendor ? shorten(vendor.name ?? vendor.code, longestName) : 'no vendor';
}

function money(value: string, { document, locale }: CardSubject): string {
  return formatMoney({ value, currency: document.amount?.currency ?? null }, locale);
}

const doing: Record<ActionName, string> = {
  approve: 'Approving',
  reject: 'Rejecting',
  release: 'Releasing',
  hold: 'Putting on hold',
};

function ask({ decision, document, route, erp }: CardSubject, deciding: boolean, possible: ActionName[]): Text | null {
  if (deciding && decision) {
    const waits = decision.message ? ` Not done yet: ${shorten(decision.message, 300)}` : '';
    return [`${doing[decision.action]} in ${erp} for `, { person: decision.person }, ` …${waits}`];
  }
  if (possible.length === 0) return null;
  const verb = possible.includes('approve') ? ' to approve' : possible.includes('release') ? ' to release' : '';
  const able = [...new Set(route.deciders.map(({ user }) => user))].filter((user) =>
    route.actions.some((action) => mayDecide(user, action, document, route).reason === 'allowed'),
  );
  if (able.length === 0) return [`Waiting for someone with a higher limit${verb}`];
  const people = able.slice(0, 5).flatMap<Text[number]>((person, index) => [index === 0 ? '' : ' or ', { person }]);
  const others = able.length > 5 ? [` or ${able.length - 5} others`] : [];
  const mentions = route.mentions.flatMap<Text[number]>((person) => [' ', { person }]);
  return ['Waiting for ', ...people, ...others, verb, ...(mentions.length ? [' · for information:', ...mentions] : [])];
}

const done: Record<ActionName, string> = {
  approve: 'Approved',
  reject: 'Rejected',
  release: 'Released',
  hold: 'Put on hold',
};

function outcome({ decision, document, gone, erp }: CardSubject): Text {
  if (gone) return [`This record is no longer in ${erp}.`];
  if (decision?.state !== 'done') return [`Nothing is waiting here any more: it is ${document.status} in ${erp}.`];
  const reason = decision.reason ? `: “${shorten(decision.reason, 500)}”` : '';
  return [`${done[decision.action]} by `, { person: decision.person }, ' ', { instant: decision.at }, reason];
}

/** What was decided on a card that still asks for something: the step before. */
function openOutcome({ decision, document }: CardSubject): Text | null {
  if (decision?.state !== 'done') return null;
  const who: Text = [{ person: decision.person }, ' ', { instant: decision.at }];
  if (!decision.complete) return ['One step approved by ', ...who, '; more approvals are needed.'];
  return decision.action === 'approve' && document.phase === 'ready' ? ['Approved by ', ...who] : null;
}

function warnings({ decision, document }: CardSubject): string[] {
  const list = decision?.state === 'dead' && decision.message ? [decision.message] : [];
  if (!document.amount) list.push('No amount yet: check it before deciding.');
  if (!document.vendor) list.push('No vendor yet: check it before deciding.');
  return list;
}

function smallPrint({ document, erp, company, decision, locale }: CardSubject): string[] {
  const parts = [`${erp} · ${company}`];
  if (decision?.state === 'done' && decision.actedAs)
    parts.push(`decided in ${erp} as ${shorten(decision.actedAs, 100)}`);
  const { name, code } = document.vendor ?? {};
  if (name && name.length > longestName) parts.push(shorten(name, 300));
  if (name && code) parts.push(code);
  if (document.vendorReference) parts.push(`their reference ${document.vendorReference}`);
  if (document.date) parts.push(`dated ${formatDate(document.date, locale)}`);
  if (document.terms) parts.push(`terms ${document.terms}`);
  if (document.branch) parts.push(`branch ${document.branch}`);
  if (document.owner) parts.push(`owner ${shorten(document.owner.name ?? document.owner.code, 60)}`);
  return parts;
}

function button(action: ActionName, document: ErpDocument, erp: string): CardButton {
  const what = `${document.type} ${document.reference}`;
  const about = `${title(document)} from ${vendorName(document)}`;
  switch (action) {
    case 'approve':
      return { action, label: 'Approve', about, style: 'primary' };
    case 'reject':
      return { action, label: 'Reject …', about, style: 'danger', asksReason: true };
    case 'release':
      return {
        action,
        label: 'Release',
        about,
        style: 'primary',
        confirm: {
          title: `Release ${what}?`,
          text: `${erp} posts it to the ledger. This cannot be taken back from here.`,
          yes: 'Release',
        },
      };
    case 'hold':
      return {
        action,
        label: 'Put on hold',
        about,
        confirm: {
          title: `Put ${what} on hold?`,
          text: `It stays on hold until someone takes it off in ${erp}.`,
          yes: 'Put on hold',
        },
      };
  }
}

/** How far is looked beyond a cut, so that the character there is seen whole. */
const longestGrapheme = 64;

/** Cuts by characters as people count them, so that no emoji or accent is torn. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(
    text.slice(0, most + longestGrapheme),
  );
  let kept = '';
  for (const { segment } of graphemes) {
    if (kept.length + segment.length > most - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
