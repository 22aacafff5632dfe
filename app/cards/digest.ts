import { formatMoment } from '../domain/dates.ts';
import type { DocumentKind } from '../domain/document.ts';
import { countDocuments, documentName, documentWords } from '../domain/kinds.ts';
import { formatMoney } from '../domain/money.ts';
import type { Decider, Route } from '../domain/routing.ts';
import { shorten } from '../domain/text.ts';
import type { CardContent, Text } from './card.ts';
import type { DigestFigures, Gathered } from './digest-figures.ts';
import { bySort, exceptionsAsk, howSevere, oneOfMany } from './parts/exceptions-digest.ts';
import { partyName } from './parts/headline.ts';

/** Many documents of one kind in figures; `largest` holds only those that are named. */
export interface DigestSubject extends DigestFigures {
  key: string;
  kind: DocumentKind;
  route: Pick<Route, 'deciders' | 'mentions'> & Partial<Pick<Route, 'severity'>>;
  /** Null where the documents share a message because they came in a burst, and not because their route gathers them. */
  gathered: Gathered | null;
  timeZone: string;
  erp: string;
  company: string;
  locale: string;
}

const shownGroups = 6;
const shownPeople = 5;

/**
 * Draws one message for many documents: how many, how much per currency, in which states, what changed since the last
 * one, how many can be decided and by whom, the largest ones.
 */
export function drawDigest(subject: DigestSubject): CardContent {
  const { key, kind, count, totals, waiting, largest, erp, company, locale } = subject;
  if (count === 0) return dissolved(subject);
  const ofExceptions = kind === 'exception';
  const sum = ofExceptions ? howSevere(subject) : totals.map((money) => formatMoney(money, locale)).join(' + ');
  const many = countDocuments(kind, count);
  const came = subject.gathered ? `came since the last digest, from ${erp}` : `arrived together in ${erp}`;
  const asks = waiting > 0 && subject.route.deciders.length > 0;
  return {
    headline: `${many}${sum ? ` · ${sum}` : ''}`,
    spoken: `${many} ${came}${sum ? `, ${sum}${ofExceptions ? '' : ' in all'}` : ''}.${asks ? ` ${waiting} to decide.` : ''}`,
    status: null,
    ask: ofExceptions ? exceptionsAsk(subject) : asks ? ask(subject) : null,
    outcome: null,
    warnings: [],
    description: [
      origin(subject),
      changed(subject),
      ...(ofExceptions ? [bySort(subject)] : largest.length > 0 ? ['The largest:'] : []),
    ]
      .filter((sentence) => sentence !== null)
      .join(' '),
    lines: largest.map((document) => ({
      text: ofExceptions
        ? oneOfMany(document, subject)
        : [documentName(document), partyName(document), document.status].filter((part) => part !== null).join(' · '),
      amount: document.amount ? formatMoney(document.amount, locale) : null,
    })),
    moreLines: count - largest.length,
    smallPrint: [`${erp} · ${company}`],
    buttons: [expandButton(count, many)],
    link: null,
    ticket: `${key}.digest`,
  };
}

function origin({ gathered, states, erp, timeZone, locale }: DigestSubject): string {
  const tally = groups(states.map(({ status, count }) => `${count} ${status ?? `no longer in ${erp}`}`));
  if (!gathered) return `These arrived together, so they share one message: ${tally}.`;
  if (!gathered.since) return `This is the first digest here: ${tally}.`;
  return `These came since the digest of ${formatMoment(gathered.since, timeZone, locale)}: ${tally}.`;
}

function changed({ gathered }: DigestSubject): string | null {
  if (!gathered || gathered.changed.length === 0) return null;
  const moves = gathered.changed.map(({ from, to, count }) => `${count} ${from} → ${to}`);
  return `Of those in earlier digests, changed since then: ${groups(moves)}.`;
}

function groups(all: string[]): string {
  const rest = all.length - shownGroups;
  const shown = all.slice(0, shownGroups).map((group) => shorten(group, 80));
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} other ${rest === 1 ? 'state' : 'states'}` : ''}`;
}

function ask({ waiting, route: { deciders, mentions }, locale }: DigestSubject): Text {
  const byPerson = new Map<string, Decider[]>();
  for (const decider of deciders) byPerson.set(decider.user, [...(byPerson.get(decider.user) ?? []), decider]);
  const people = [...byPerson].slice(0, shownPeople).flatMap<Text[number]>(([person, entries], index) => {
    const limits = entries.flatMap(({ upTo }) => (upTo ? [formatMoney(upTo, locale)] : []));
    const limit = limits.length === entries.length ? [` up to ${limits.join(' or ')}`] : [];
    return [index === 0 ? '' : ' or ', { person }, ...limit];
  });
  const others = byPerson.size - shownPeople;
  return [
    `${waiting} to decide, by `,
    ...people,
    ...(others > 0 ? [` or ${others} others`] : []),
    ': in the Home of this app, or on cards of their own',
    ...(mentions.length > 0 ? [' · for information:'] : []),
    ...mentions.flatMap<Text[number]>((person) => [' ', { person }]),
  ];
}

/** What is left of a digest whose members all have cards of their own. */
function dissolved({ key, kind, erp, company }: DigestSubject): CardContent {
  return {
    headline: 'Posted as single cards',
    spoken: `The ${documentWords(kind).many} that this message stood for are posted as single cards.`,
    status: null,
    ask: null,
    outcome: null,
    warnings: [],
    description: null,
    lines: [],
    moreLines: 0,
    smallPrint: [`${erp} · ${company}`],
    buttons: [],
    link: null,
    ticket: `${key}.digest`,
  };
}

function expandButton(count: number, many: string): CardContent['buttons'][number] {
  return {
    action: 'expand',
    label: count === 1 ? 'Post it as a card' : 'Post each as a card',
    about: many,
    confirm: {
      title: count === 1 ? 'Post 1 card?' : `Post ${count} cards?`,
      text:
        count === 1 ? 'It arrives with its own buttons.' : 'They arrive at one a second, each with its own buttons.',
      yes: 'Post them',
    },
  };
}
