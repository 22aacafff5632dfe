import { formatDate } from '../../domain/dates.ts';
import type { DocumentLine, ErpDocument } from '../../domain/document.ts';
import { isLoud, severityWords, shownSeverity } from '../../domain/exceptions.ts';
import { partyOf } from '../../domain/kinds.ts';
import { formatMoney } from '../../domain/money.ts';
import { shorten } from '../../domain/text.ts';
import type { CardContent, CardSubject, Text } from '../card.ts';

const longestType = 70;
const longestName = 45;

/** "Critical · Journal does not balance · GJ 45 · difference £120.00"; once it is over, that comes first instead. */
export function exceptionHeadline(subject: CardSubject): string {
  return [standing(subject), ...whatItIs(subject)].join(' · ');
}

export function exceptionSpoken(subject: CardSubject): string {
  const { document, erp, gone } = subject;
  const [type, ...about] = whatItIs(subject);
  const date = document.date ? `, dated ${formatDate(document.date, subject.locale)}` : '';
  const end = isOver(subject) ? sentence(outcomeOf(subject)) : `${document.status} in ${erp}.`;
  return `${standing(subject)}: ${[type, ...about].join(', ')}${gone ? '' : date}. ${end}`;
}

/** Who is told, where it is more than an information. */
export function exceptionAsk(subject: CardSubject): Text | null {
  const { document, route } = subject;
  if (isOver(subject) || route.mentions.length === 0 || !isLoud(shownSeverity(document, route.severity))) return null;
  return ['For', ...route.mentions.flatMap<Text[number]>((person) => [' ', { person }])];
}

/** What became of it and when that was seen. */
export function exceptionOutcome(subject: CardSubject): Text | null {
  const { document } = subject;
  if (!isOver(subject)) return null;
  const at: Text = document.modifiedAt && document.phase === 'closed' ? [' ', { instant: document.modifiedAt }] : [];
  return [overWord(document), ...at, `: ${shorten(outcomeOf(subject), 300)}.`];
}

/** Over, or its record gone with it. */
export function isOver({ document, gone }: Pick<CardSubject, 'document' | 'gone'>): boolean {
  return gone || document.phase === 'closed';
}

/** The lines of an exception: each side and what is between them, in the line's own currency. */
export function exceptionRows({ document, locale }: CardSubject): CardContent['lines'] {
  return document.lines.map((line) => {
    const money = (value: string) => formatMoney({ value, currency: currencyOf(line, document) }, locale);
    const sides = [
      ...(line.debit === undefined ? [] : [`debit ${money(line.debit)}`]),
      ...(line.credit === undefined ? [] : [`credit ${money(line.credit)}`]),
    ];
    const name = line.description ?? line.account ?? 'No description';
    const amount = line.amount === null ? null : money(line.amount);
    return {
      text: sides.length > 0 ? `${name}: ${sides.join(', ')}` : name,
      amount: amount && sides.length > 0 ? `difference ${amount}` : amount,
    };
  });
}

/** The word that it begins with. */
export function standing({ document, gone, route }: Pick<CardSubject, 'document' | 'gone' | 'route'>): string {
  if (isOver({ document, gone })) return overWord(document);
  const severity = shownSeverity(document, route.severity);
  return severity ? severityWords[severity] : document.status;
}

/** Of what sort, about what, whose, and how much. */
function whatItIs({ document, locale }: CardSubject): string[] {
  const party = partyOf(document);
  const isParty = party !== null && party.code === document.reference;
  const about = isParty ? [] : [shorten(document.reference, 40)];
  const whose = party ? [shorten(party.name ?? party.code, longestName)] : [];
  return [shorten(document.type, longestType), ...about, ...whose, ...amountOf(document, locale)];
}

function amountOf({ amount, exception }: ErpDocument, locale: string): string[] {
  if (!amount) return [];
  return [[exception?.amountIs, formatMoney(amount, locale)].filter(Boolean).join(' ')];
}

const overWord = ({ phase, status }: ErpDocument) => (phase === 'closed' ? shorten(status, 30) : 'Solved');

const outcomeOf = ({ document, erp }: CardSubject) =>
  document.exception?.outcome ?? `the record is no longer in ${erp}`;

const sentence = (clause: string) => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;

const currencyOf = (line: DocumentLine, { amount }: ErpDocument) =>
  line.currency === undefined ? (amount?.currency ?? null) : line.currency;
