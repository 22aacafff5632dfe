import { formatDate } from '../../domain/dates.ts';
import type { ErpDocument } from '../../domain/document.ts';
import { partyOf, partyWords, sortName } from '../../domain/kinds.ts';
import { formatMoney } from '../../domain/money.ts';
import { shorten } from '../../domain/text.ts';
import type { CardSubject } from '../card.ts';
import { exceptionHeadline, exceptionSpoken } from './exception.ts';

export function headline(subject: CardSubject): string {
  if (subject.document.exception) return exceptionHeadline(subject);
  const { document, locale } = subject;
  const amount = document.amount ? formatMoney(document.amount, locale) : 'no amount yet';
  const parts = [title(document), partyName(document), amount, when(document, locale)];
  return parts.filter((part) => part !== null).join(' · ');
}

export function spoken(subject: CardSubject): string {
  if (subject.document.exception) return exceptionSpoken(subject);
  const { document, erp, locale } = subject;
  const amount = document.amount ? ` for ${formatMoney(document.amount, locale)}` : ', amount not known yet';
  const day = when(document, locale);
  return `${named(document)}${amount}${day ? `, ${day}` : ''}. ${document.status} in ${erp}.`;
}

/** What it is called and whose it is, in words. */
export function named(document: ErpDocument): string {
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
export const longestName = 45;

export function title(document: ErpDocument): string {
  return `${shorten(sortName(document), 24)} ${shorten(document.reference, 30)}`;
}

/** Who is on the other side, at a length that leaves room; null where nobody is. */
export function partyName(document: ErpDocument): string | null {
  const party = partyOf(document);
  if (party) return shorten(party.name ?? party.code, longestName);
  const words = partyWords(document.kind);
  return words && `no ${words.word}`;
}
