import { actionWords } from '../domain/actions.ts';
import { formatDate } from '../domain/dates.ts';
import type { ActionName, DocumentLine, ErpDocument, Phase } from '../domain/document.ts';
import { documentName, partyOf, partyWords, sortName } from '../domain/kinds.ts';
import { compareDecimals, formatMoney } from '../domain/money.ts';
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
  const rows = closed ? [] : rowsOf(subject);
  return {
    headline: headline(subject),
    spoken: spoken(subject),
    status: gone ? null : { label: document.status, phase: document.phase },
    ask: closed ? null : ask(subject, deciding, buttons.length > 0 ? possible : []),
    outcome: closed ? outcome(subject) : openOutcome(subject),
    warnings: warnings(subject),
    description: closed ? null : document.description,
    lines: rows.slice(0, shownLines),
    moreLines: Math.max(0, rows.length - shownLines),
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
  const amount = document.amount ? formatMoney(document.amount, locale) : 'no amount yet';
  const parts = [title(document), partyName(document), amount, when(document, locale)];
  return parts.filter((part) => part !== null).join(' · ');
}

function spoken({ document, erp, locale }: CardSubject): string {
  const amount = document.amount ? ` for ${formatMoney(document.amount, locale)}` : ', amount not known yet';
  const day = when(document, locale);
  return `${named(document)}${amount}${day ? `, ${day}` : ''}. ${document.status} in ${erp}.`;
}

/** What it is called and whose it is, in words. */
function named(document: ErpDocument): string {
  const party = partyWords(document.kind);
  return `${title(document)}${party ? ` ${party.end} ${partyName(document)}` : ''}`;
}

/** The one date that a reader wants to know of this kind. */
function when({ dueDate, promisedOn, period }: ErpDocument, locale: string): string | null {
  if (dueDate) return `due ${formatDate(dueDate, locale)}`;
  if (promisedOn) return `promised ${formatDate(promisedOn, locale)}`;
  return period ? `period ${period}` : null;
}

/** Names are cut here so that the amount after them is always in view; the small print has a long one in full. */
const longestName = 45;

function title(document: ErpDocument): string {
  return `${shorten(sortName(document), 24)} ${shorten(document.reference, 30)}`;
}

/** Who is on the other side, at a length that leaves room; null where nobody is. */
export function partyName(document: ErpDocument): string | null {
  const party = partyOf(document);
  if (party) return shorten(party.name ?? party.code, longestName);
  const words = partyWords(document.kind);
  return words && `no ${words.word}`;
}

/** What it is for: the lines, or the documents that a payment pays. */
function rowsOf(subject: CardSubject): CardContent['lines'] {
  const { document } = subject;
  if (document.applications?.length) {
    return document.applications.map(({ type, reference, amount }) => ({
      text: `${type} ${reference}`,
      amount: amount === null ? null : money(amount, subject),
    }));
  }
  return document.lines.map((line) => ({ text: lineText(line), amount: lineAmount(line, subject) }));
}

function lineText({ description, account, subaccount, debit, credit }: DocumentLine): string {
  if (debit === undefined && credit === undefined) return description ?? account ?? 'No description';
  const where = [account, subaccount].filter(Boolean).join(' ');
  return [where, description].filter(Boolean).join(' · ') || 'No account';
}

function lineAmount({ amount, debit, credit }: DocumentLine, subject: CardSubject): string | null {
  if (amount !== null) return money(amount, subject);
  if (debit !== undefined && compareDecimals(debit, '0') !== 0) return `debit ${money(debit, subject)}`;
  return credit === undefined ? null : `credit ${money(credit, subject)}`;
}

function money(value: string, { document, locale }: CardSubject): string {
  return formatMoney({ value, currency: document.amount?.currency ?? null }, locale);
}

function ask({ decision, document, route, erp }: CardSubject, deciding: boolean, possible: ActionName[]): Text | null {
  if (deciding && decision) {
    const waits = decision.message ? ` Not done yet: ${shorten(decision.message, 300)}` : '';
    return [`${actionWords[decision.action].doing} in ${erp} for `, { person: decision.person }, ` …${waits}`];
  }
  if (possible.length === 0) return null;
  const asked = (['approve', 'release', 'unhold'] as const).find((action) => possible.includes(action));
  const verb = asked ? ` to ${actionWords[asked].infinitive}` : '';
  const able = [...new Set(route.deciders.map(({ user }) => user))].filter((user) =>
    route.actions.some((action) => mayDecide(user, action, document, route).reason === 'allowed'),
  );
  if (able.length === 0) return [`Waiting for someone with a higher limit${verb}`];
  const people = able.slice(0, 5).flatMap<Text[number]>((person, index) => [index === 0 ? '' : ' or ', { person }]);
  const others = able.length > 5 ? [` or ${able.length - 5} others`] : [];
  const mentions = route.mentions.flatMap<Text[number]>((person) => [' ', { person }]);
  return ['Waiting for ', ...people, ...others, verb, ...(mentions.length ? [' · for information:', ...mentions] : [])];
}

function outcome({ decision, document, gone, erp }: CardSubject): Text {
  if (gone) return [`This record is no longer in ${erp}.`];
  if (decision?.state !== 'done') return [`Nothing is waiting here any more: it is ${document.status} in ${erp}.`];
  const reason = decision.reason ? `: “${shorten(decision.reason, 500)}”` : '';
  return [
    `${actionWords[decision.action].done} by `,
    { person: decision.person },
    ' ',
    { instant: decision.at },
    reason,
  ];
}

/** What was decided on a card that still asks for something: the step before. */
function openOutcome({ decision, document }: CardSubject): Text | null {
  if (decision?.state !== 'done') return null;
  const who: Text = [{ person: decision.person }, ' ', { instant: decision.at }];
  if (!decision.complete) return ['One step approved by ', ...who, '; more approvals are needed.'];
  return decision.action === 'approve' && document.phase === 'ready' ? ['Approved by ', ...who] : null;
}

function warnings(subject: CardSubject): string[] {
  const { decision, document } = subject;
  const list = decision?.state === 'dead' && decision.message ? [decision.message] : [];
  if (!document.amount) list.push('No amount yet: check it before deciding.');
  const party = partyWords(document.kind);
  if (party && !partyOf(document)) list.push(`No ${party.word} yet: check it before deciding.`);
  const { totals } = document;
  if (totals && compareDecimals(totals.debit, totals.credit) !== 0)
    list.push(`Debits of ${money(totals.debit, subject)} and credits of ${money(totals.credit, subject)} differ.`);
  return list;
}

function smallPrint({ document, erp, company, decision, locale }: CardSubject): string[] {
  const parts = [`${erp} · ${company}`];
  if (decision?.state === 'done' && decision.actedAs)
    parts.push(`decided in ${erp} as ${shorten(decision.actedAs, 100)}`);
  const { name, code } = partyOf(document) ?? {};
  if (name && name.length > longestName) parts.push(shorten(name, 300));
  if (name && code) parts.push(code);
  if (document.vendorReference) parts.push(`their reference ${document.vendorReference}`);
  if (document.paymentReference) parts.push(`payment reference ${document.paymentReference}`);
  if (document.date) parts.push(`dated ${formatDate(document.date, locale)}`);
  if (document.terms) parts.push(`terms ${document.terms}`);
  if (document.method) parts.push(`by ${document.method}`);
  if (document.cashAccount) parts.push(`cash account ${document.cashAccount}`);
  if (document.ledger) parts.push(`ledger ${document.ledger}`);
  if (document.branch) parts.push(`branch ${document.branch}`);
  if (document.owner) parts.push(`owner ${shorten(document.owner.name ?? document.owner.code, 60)}`);
  parts.push(...ordersInWords(document));
  return parts;
}

const shownOrders = 3;

function ordersInWords({ lines }: ErpDocument): string[] {
  const orders = [...new Set(lines.flatMap(({ order }) => order ?? []))];
  if (orders.length === 0) return [];
  const more = orders.length - shownOrders;
  const shown = orders.slice(0, shownOrders).join(', ');
  return [`purchase order${orders.length > 1 ? 's' : ''} ${shown}${more > 0 ? ` and ${more} more` : ''}`];
}

function button(action: ActionName, document: ErpDocument, erp: string): CardButton {
  const what = documentName(document);
  const about = named(document);
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
          text: 'It stays on hold until someone releases it from hold.',
          yes: 'Put on hold',
        },
      };
    case 'unhold':
      return { action, label: 'Release from hold', about };
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
