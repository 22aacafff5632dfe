import { formatMoment } from './dates.ts';
import type { Money, Summary } from './document.ts';
import { compareDecimals, formatCount, formatMoney, subtractDecimals } from './money.ts';
import { periodWords } from './periods.ts';

const shownCurrencies = 3;
const shownJournals = 5;
const dayMs = 86_400_000;

/** "214 entries in 6 journals" */
export function countWords({ entries, groups, moreGroups }: Summary, locale: string): string {
  const journals = groups.length + moreGroups;
  if (entries === 0) return 'no entries';
  return `${plural(entries, 'entry', 'entries', locale)} in ${plural(journals, 'journal', 'journals', locale)}`;
}

/** "£1,204,330.10 + €12.00" */
export function totalsWords(totals: readonly Money[], locale: string, most = shownCurrencies): string {
  const shown = totals.slice(0, most).map((money) => formatMoney(money, locale));
  const more = totals.length - shown.length;
  return `${shown.join(' + ')}${more > 0 ? ` and ${plural(more, 'more currency', 'more currencies', locale)}` : ''}`;
}

/** "38 more than on Monday"; null for a period's first summary. */
export function newsInShort(summary: Summary, locale: string): string | null {
  const { since, at, timeZone } = summary;
  if (!since) return null;
  const when = recently(since.at, at, timeZone, locale);
  if (since.entries === 0)
    return since.totals.length > 0 ? `as many as ${when}` : `unchanged since ${when.replace(/^(on|at) /, '')}`;
  return `${formatCount(Math.abs(since.entries), locale)} ${since.entries > 0 ? 'more' : 'fewer'} than ${when}`;
}

/** What changed since the summary before, in sentences; what stands first matters most. */
export function newsWords(summary: Summary, locale: string): string[] {
  const { since, timeZone, period } = summary;
  if (!since) return [`This is the first summary of ${periodWords(period, locale)}.`];
  const from = `Since the summary of ${formatMoment(since.at, timeZone, locale)}`;
  const count = since.entries === 0 ? [] : [`${moreOrFewer(since.entries, locale)}`];
  const sums = since.totals.slice(0, shownCurrencies).map((money) => {
    const less = compareDecimals(money.value, '0') < 0;
    const size = less ? subtractDecimals('0', money.value) : money.value;
    return `${formatMoney({ ...money, value: size }, locale)} ${less ? 'less' : 'more'}`;
  });
  const news = [...count, ...sums];
  const sentences = [news.length > 0 ? `${from}: ${news.join(', ')}.` : `${from} nothing changed.`];
  const { newJournals, fewer, withdrawn } = since;
  if (newJournals.length > 0)
    sentences.push(`New: ${listed(newJournals.map(({ journal, module }) => `${journal} (${module})`))}.`);
  if (fewer.length > 0) {
    const gone = fewer.map(
      ({ journal, module, entries }) => `${formatCount(entries, locale)} of ${journal} (${module})`,
    );
    sentences.push(`No longer posted there: ${listed(gone)}.`);
  }
  if (withdrawn.length > 0) {
    const which = withdrawn.map(
      ({ journal, reference, totals }) => `${journal} ${reference}, ${totalsWords(totals, locale)}`,
    );
    sentences.push(`Of the largest then, withdrawn or changed: ${listed(which)}.`);
  }
  return sentences;
}

function moreOrFewer(entries: number, locale: string): string {
  const size = Math.abs(entries);
  return `${formatCount(size, locale)} ${size === 1 ? 'entry' : 'entries'} ${entries > 0 ? 'more' : 'fewer'}`;
}

function listed(all: string[]): string {
  const more = all.length - shownJournals;
  return `${all.slice(0, shownJournals).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A moment before another as people say it: "at 08:00" on the same day, "on Monday" within a week, else the date. */
function recently(before: string, at: string, timeZone: string, locale: string): string {
  const part = (instant: string, options: Intl.DateTimeFormatOptions, language = locale) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone, numberingSystem: 'latn' }).format(new Date(instant));
  const day = (instant: string) => part(instant, { dateStyle: 'short' });
  if (day(before) === day(at)) return `at ${part(before, { hour: '2-digit', minute: '2-digit' })}`;
  const days = (Date.parse(at) - Date.parse(before)) / dayMs;
  // The words of the product are English, whatever the locale of its figures.
  return days < 6 ? `on ${part(before, { weekday: 'long' }, 'en-GB')}` : `on ${formatMoment(before, timeZone, locale)}`;
}

function plural(count: number, one: string, many: string, locale: string): string {
  return `${formatCount(count, locale)} ${count === 1 ? one : many}`;
}
