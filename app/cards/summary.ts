import { formatDate, formatMoment } from '../domain/dates.ts';
import type { Summary, SummaryEntry } from '../domain/document.ts';
import { formatCount } from '../domain/money.ts';
import { periodWords } from '../domain/periods.ts';
import { countWords, newsInShort, newsWords, totalsWords } from '../domain/summary-words.ts';
import { shorten } from '../domain/text.ts';
import type { CardContent, CardSubject, CardTable, Text } from './card.ts';

const shownJournals = 15;
const spokenJournals = 8;
const longestReference = 60;

/**
 * Draws the summary of a ledger: how much was posted, what is different from the one before, each journal as a row, and
 * the largest entries with the ways to them. It asks nothing of anybody.
 */
export function drawSummary(subject: CardSubject, summary: Summary): CardContent {
  const { key, route, erp, company, locale, substance } = subject;
  const { period, groups, largest, closing } = summary;
  const name = shorten(periodWords(period, locale), 40);
  const figures = [countWords(summary, locale), totalsWords(summary.totals, locale), newsInShort(summary, locale)];
  const head = figures.filter(Boolean).join(' · ');
  const spoken = groups
    .slice(0, spokenJournals)
    .map((group) => `${group.journal} (${group.module}) ${formatCount(group.entries, locale)}`);
  return {
    headline: `Posted in ${name}: ${head}`,
    spoken: `Posting summary of ${name} from ${erp}, ${company}: ${head}.${spoken.length > 0 ? ` By journal: ${spoken.join(', ')}.` : ''}`,
    status: { label: closing ? 'Being closed' : 'Open period', phase: 'other' },
    ask: mentioned(route.mentions),
    outcome: null,
    warnings: [],
    description: newsWords(summary, locale).join(' '),
    table: journalTable(summary, locale),
    ...(largest.length > 0 ? { linesTitle: 'The largest entries:' } : {}),
    lines: largest.map((entry) => ({
      text: entryWords(entry, locale),
      amount: totalsWords(entry.totals, locale),
      url: entry.link,
    })),
    moreLines: 0,
    smallPrint: [
      `${erp} · ${company}`,
      `posted entries dated ${formatDate(period.start, locale)} to ${formatDate(period.end, locale)}`,
      'totals are debits',
      `as of ${formatMoment(summary.at, summary.timeZone, locale)} (${summary.timeZone})`,
    ],
    buttons: [],
    link: null,
    ticket: `${key}.${substance}`,
  };
}

function mentioned(mentions: readonly string[]): Text | null {
  if (mentions.length === 0) return null;
  return ['For information:', ...mentions.flatMap<Text[number]>((person) => [' ', { person }])];
}

function journalTable({ groups, moreGroups }: Summary, locale: string): CardTable {
  const shown = groups.slice(0, shownJournals);
  const more = groups.length - shown.length + moreGroups;
  return {
    header: ['Journal', 'Module', 'Entries', 'Total'],
    rows: shown.map(({ journal, module, entries, totals }) => [
      shorten(journal, 30),
      shorten(module, 40),
      formatCount(entries, locale),
      totalsWords(totals, locale),
    ]),
    numbers: [2, 3],
    more: more > 0 ? `and ${more} more ${more === 1 ? 'journal' : 'journals'}` : null,
  };
}

function entryWords({ journal, reference, description, date }: SummaryEntry, locale: string): string {
  const parts = [
    shorten(`${journal} ${reference}`, longestReference),
    description && shorten(description, 70),
    date && formatDate(date, locale),
  ];
  return parts.filter(Boolean).join(' · ');
}
